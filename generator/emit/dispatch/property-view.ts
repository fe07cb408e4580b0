// Properties in the registry: where the driver keeps what it published, and how it publishes.
import type { Property } from '../../model/model.js';
import { pascal, scalarType, storedScalarType } from '../c-names.js';
import { numberLiteral, stringLiteral } from '../c-text.js';
import { declare, memberNames, publishParameters } from '../hooks.js';
import type { DriverSide } from '../sides.js';
import type { Definition } from './memory-view.js';

export type PropertyView = {
  readonly field: string;
  readonly published: string;
  readonly type: string;
};

const fieldOf = ({ name }: Property): string => `property${pascal(name)}`;
const publishedOf = ({ name }: Property): string => `published${pascal(name)}`;

export const propertyView = (property: Property): PropertyView => ({
  field: fieldOf(property),
  published: publishedOf(property),
  type: scalarType(property.type.scalar),
});

/** One for each property, and one for all of them. */
export function publishers(side: DriverSide): Definition[] {
  const { driver, properties } = side;
  const each = properties.map((property) => publish(driver.className, property));
  return properties.length > 0 ? [...each, publishAll(side)] : [];
}

function add(property: Property, value: string): string {
  const key = stringLiteral(property.name);
  const { scalar, size } = property.type;
  return scalar === 'bool'
    ? `dextgen::PublicationAddBool(&publication, ${key}, ${value});`
    : `dextgen::PublicationAddInteger(&publication, ${key}, dextgen::ToWord(${value}), ${size * 8});`;
}

function publish(className: string, property: Property): Definition {
  const field = `Core()->${fieldOf(property)}`;
  const published = `Core()->${publishedOf(property)}`;
  return {
    signature: declare(
      `kern_return_t ${className}::${memberNames.publish(property)}`,
      publishParameters(property),
      ' {',
    ),
    body: [
      `if (${published} && ${field} == value) {`,
      '    return kIOReturnSuccess; // nothing is sent when nothing changed',
      '}',
      'dextgen::Publication publication = {};',
      add(property, 'value'),
      'const kern_return_t status = dextgen::PublicationSend(&publication, this);',
      'if (status == kIOReturnSuccess) {',
      `    ${field} = value;`,
      `    ${published} = true;`,
      '}',
      'return status;',
    ],
  };
}

function publishAll({ driver, properties }: DriverSide): Definition {
  const values = properties.flatMap((property) => {
    const type = scalarType(property.type.scalar);
    const fallback = literal(property);
    const value = `Core()->${publishedOf(property)} ? Core()->${fieldOf(property)} : ${fallback}`;
    const name = `value${pascal(property.name)}`;
    return [`const ${type} ${name} = ${value};`, add(property, name)];
  });
  const remember = properties.flatMap((property) => [
    `    Core()->${fieldOf(property)} = value${pascal(property.name)};`,
    `    Core()->${publishedOf(property)} = true;`,
  ]);
  return {
    signature: [`kern_return_t ${driver.className}::PublishProperties() {`],
    body: [
      'dextgen::Publication publication = {};',
      ...values,
      'const kern_return_t status = dextgen::PublicationSend(&publication, this);',
      'if (status == kIOReturnSuccess) {',
      ...remember,
      '}',
      'return status;',
    ],
  };
}

function literal(property: Property): string {
  const { scalar } = property.type;
  if (scalar === 'bool')
    return property.default === true || property.default === 'true' ? 'true' : 'false';
  const text = numberLiteral(scalar, property.default);
  // A narrow type and its literal would meet in an int.
  return scalar === 'u8' || scalar === 'u16' || scalar === 'i8' || scalar === 'i16'
    ? `static_cast<${storedScalarType(scalar)}>(${text})`
    : text;
}
