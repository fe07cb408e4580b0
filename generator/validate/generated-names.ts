// Names that generated code adds: two declarations that are each fine may still ask for one C++ or TypeScript name.
// What is spelt here is what emit/c-names.ts and emit/hooks.ts spell; emitters stop on a name that escaped.
import type { BitsType, Driver, Model, UserClient } from '../model/model.js';
import { camel, pascal, plural } from '../model/names.js';
import type { Report, SourceNode } from '../source/index.js';
import type { Generated } from './generated.js';
import { constants, methodPath, type Sections } from './generated-constants.js';
import { spanAt } from './spans.js';
import { streamNames, subscriptionMembers } from './subscription-names.js';

type Space = { readonly language: string; readonly names: readonly Generated[] };

function tables({ userClients }: Model): Generated[] {
  return userClients.map(({ name, driver, className }) => ({
    name: `k${className}Interface`,
    path: clientPath({ name, driver }),
  }));
}

const driverPath = (name: string): readonly string[] => ['drivers', name];

/** The short form has a key of its own. */
function clientPath({ name, driver }: Pick<UserClient, 'name' | 'driver'>): readonly string[] {
  const path = driverPath(driver);
  return name === driver ? [...path, 'userClient'] : [...path, 'userClients', name];
}

function driverTypes({ name, className }: Driver): Generated[] {
  const path = [...driverPath(name), 'class'];
  return ['', 'Core', '_IVars'].map((suffix) => ({ name: className + suffix, path }));
}

function clientTypes(client: UserClient): Generated[] {
  const { className } = client;
  const path = clientPath(client);
  return ['', '_IVars'].map((suffix) => ({ name: className + suffix, path }));
}

function cTypes(model: Model): Generated[] {
  const { name: prefix, types, handles, buffers, drivers, userClients } = model;
  return [
    ...drivers.flatMap((driver) => driverTypes(driver)),
    ...userClients.flatMap((client) => clientTypes(client)),
    ...types.map(({ name }) => ({ name: prefix + pascal(name), path: ['types', name] })),
    ...types.flatMap(({ kind, name }) =>
      kind === 'record' || kind === 'variant'
        ? ['Reader', 'Writer'].map((suffix) => ({
            name: prefix + pascal(name) + suffix,
            path: ['types', name],
          }))
        : [],
    ),
    ...types.flatMap((type) => (type.kind === 'bits' ? bitsFunctions(prefix, type) : [])),
    ...handles.map(({ name }) => ({ name: prefix + pascal(name), path: ['handles', name] })),
    ...buffers.map(({ name }) => ({
      name: `${prefix}${pascal(name)}Buffer`,
      path: ['buffers', name],
    })),
  ];
}

function bitsFunctions(prefix: string, { name, fields }: BitsType): Generated[] {
  return fields.flatMap((field) =>
    ['Get', 'With'].map((what) => ({
      name: `${prefix}${pascal(name)}${what}${pascal(field.name)}`,
      path: ['types', name, 'fields', field.name],
    })),
  );
}

/** Of a driver with `clientHooks`. */
const clientNames = ['ClientOpened', 'ClientClosed', 'SetClientContext', 'ClientContext'].map(
  (name) => ({ name, path: ['driver', 'clientHooks'] }),
);

/** Of states, roles and handles. */
function guardMembers({ states, roles, handles }: Model): Generated[] {
  return [
    ...states.flatMap(({ name }) =>
      ['SetState', 'GetState'].map((verb) => ({
        name: verb + pascal(name),
        path: ['states', name],
      })),
    ),
    ...roles.map(({ name }) => ({ name: `${pascal(name)}Lost`, path: ['roles', name] })),
    ...handles.flatMap(({ name }) =>
      ['Release', 'Forget', 'Find', 'Make'].map((verb) => ({
        name: verb + pascal(name),
        path: ['handles', name],
      })),
    ),
  ];
}

/** Of each driver by itself: two may have actions of one name. */
export function actionSpaces({ drivers, services }: Model): Space[] {
  return drivers.map(({ name: driver, actions }) => ({
    language: "the driver's class",
    names: [
      ...actions.flatMap(({ name }) => {
        const path = [...driverPath(driver), 'actions', name];
        return [
          { name: pascal(name), path },
          { name: `CreateAction${pascal(name)}`, path },
        ];
      }),
      ...services
        .filter(({ owner }) => owner.kind === 'driver' && owner.name === driver)
        .map(({ name }) => ({
          name: `Create${pascal(name)}`,
          path: [...driverPath(driver), 'services', name],
        })),
    ],
  }));
}

export function driverMembers(model: Model): Generated[] {
  const { methods, events, buffers, properties } = model;
  return [
    ...guardMembers(model),
    ...(model.drivers.some(({ clientHooks }) => clientHooks) ? clientNames : []),
    ...subscriptionMembers(model),
    ...methods.flatMap((method) => {
      const [stem, path] = [pascal(method.name), methodPath(method)];
      const answer = method.kind === 'async' ? [{ name: `Complete${stem}`, path }] : [];
      return [{ name: stem, path }, ...answer];
    }),
    ...events.flatMap(({ name }) => [
      { name: `Emit${pascal(name)}`, path: ['events', name] },
      { name: `${pascal(name)}Subscribers`, path: ['events', name] },
    ]),
    ...buffers.flatMap(({ name, source }) => {
      const members = { generated: ['Map'], driver: ['Supply', 'Drop'], bar: ['Drop'] }[
        source.kind
      ];
      return members.map((member) => ({
        name: `${member}${pascal(name)}`,
        path: ['buffers', name],
      }));
    }),
    ...properties.map(({ name }) => ({
      name: `Publish${pascal(name)}`,
      path: ['properties', name],
    })),
  ];
}

function clientMembers(sections: Sections): Generated[] {
  const { methods, events, buffers, properties } = sections;
  return [
    ...streamNames(sections),
    ...methods.map((method) => ({ name: camel(method.name), path: methodPath(method) })),
    ...events.map(({ name }) => ({ name: plural(camel(name)), path: ['events', name] })),
    ...buffers.map(({ name }) => ({ name: `map${pascal(name)}`, path: ['buffers', name] })),
    ...properties.map(({ name }) => ({ name: camel(name), path: ['properties', name] })),
  ];
}

type Clashes = {
  readonly root: SourceNode;
  readonly report: Report;
  readonly reported: Set<string>;
};

/** The first driver and the first user client have the plain names. */
function clientClasses({ name: prefix, drivers, userClients }: Model): Generated[] {
  return [
    ...userClients.map((client, index) => ({
      name: `${prefix}${index === 0 ? '' : pascal(client.name)}`,
      path: clientPath(client),
    })),
    ...drivers.map(({ name }, index) => ({
      name: `${prefix}${index === 0 ? '' : pascal(name)}Device`,
      path: driverPath(name),
    })),
  ];
}

/** Two declarations may clash in several languages; that is one fault. */
function checkSpace({ language, names }: Space, { root, report, reported }: Clashes): void {
  const first = new Map<string, Generated>();
  for (const generated of names) {
    const earlier = first.get(generated.name);
    if (earlier === undefined) first.set(generated.name, generated);
    else {
      const [there, here] = [spanAt(root, earlier.path), spanAt(root, generated.path)].sort(
        (a, b) => a.start - b.start,
      );
      const pair = `${there?.start} ${here?.start}`;
      if (there === undefined || here === undefined || reported.has(pair)) continue;
      reported.add(pair);
      report({
        code: 'DK304',
        at: here,
        message: `"${earlier.path.at(-1)}" and "${generated.path.at(-1)}" both generate ${generated.name} in ${language}`,
        notes: [{ message: 'the other one is here', at: there }],
        hint: 'rename one.',
      });
    }
  }
}

/** Not every file system tells `ScopeClient.cpp` from `Scopeclient.cpp`. */
function fileNames({ name: prefix, drivers, userClients }: Model): Generated[] {
  return [
    { name: `${prefix}Records`, path: ['interface'] },
    ...drivers.flatMap(driverTypes).filter(({ name }) => !name.endsWith('_IVars')),
    ...userClients.flatMap(clientTypes).filter(({ name }) => !name.endsWith('_IVars')),
  ].map(({ name, path }) => ({ name: name.toLowerCase(), path }));
}

/** For a model that is otherwise sound. */
export function checkGeneratedNames(model: Model, root: SourceNode, report: Report): void {
  const members = driverMembers(model);
  const spaces: readonly Space[] = [
    { language: 'C', names: [...constants(model), ...tables(model)] },
    { language: 'C++', names: cTypes(model) },
    ...actionSpaces(model).map(({ language, names }) => ({
      language,
      names: [...names, ...members],
    })),
    { language: 'the TypeScript client', names: clientMembers(model) },
    { language: 'TypeScript', names: clientClasses(model) },
    { language: 'file names, where case does not count', names: fileNames(model) },
  ];
  const clashes: Clashes = { root, report, reported: new Set() };
  for (const space of spaces) checkSpace(space, clashes);
}
