// How a parameter of a message travels, decided from its declaration (contract §9.4).
import type { Names } from './parse-file.js';
import { IigError } from './source.js';
import type { Parameter, Pointer, TypeReference } from './syntax.js';

export type Carrier =
  | { readonly kind: 'object'; readonly className: string }
  | { readonly kind: 'objectOut'; readonly className: string }
  | {
      readonly kind: 'objectArray';
      readonly className: string;
      readonly extent: string;
      readonly count: string | undefined;
    }
  | { readonly kind: 'value'; readonly type: string }
  | { readonly kind: 'string'; readonly extent: string }
  | {
      readonly kind: 'arrayIn';
      readonly element: string;
      readonly extent: string;
      readonly count: string | undefined;
    }
  | {
      readonly kind: 'arrayOut';
      readonly element: string;
      readonly extent: string;
      readonly count: string | undefined;
    }
  | { readonly kind: 'pointerIn'; readonly type: string }
  | { readonly kind: 'pointerOut'; readonly type: string; readonly isCount: boolean };

/** A parameter with its typedefs seen through. */
type Seen = {
  readonly name: string;
  readonly specifiers: string;
  readonly isConst: boolean;
  readonly pointers: readonly Pointer[];
  readonly extents: readonly string[];
  readonly isCallable: boolean;
};

export function carrierOf(parameter: Parameter, all: readonly Parameter[], names: Names): Carrier {
  const seen = seeThrough(parameter.type, parameter.extents, names);
  refuse(parameter, seen);
  const isObject = names.classes.has(seen.name);
  if (seen.extents.length > 0) return arrayCarrier(parameter, seen, { all, isObject });
  if (seen.pointers.length === 0)
    return {
      kind: 'value',
      type: parameter.verbatim ?? parameter.type.specifiers.replace(/\bconst\b\s*/g, ''),
    };
  if (isObject) return objectCarrier(parameter, seen);
  if (seen.pointers.length > 1)
    throw new IigError(
      parameter.at,
      `${parameter.name} is a pointer to a pointer to plain data, which a message cannot carry; use one pointer or a fixed array`,
    );
  const type = seen.specifiers.replace(/\bconst\b\s*/g, '');
  if (seen.isConst) return { kind: 'pointerIn', type };
  return { kind: 'pointerOut', type, isCount: isCountOf(parameter.name, all, names) };
}

/** `typedef A B; typedef B A;` has no end; C++ has no name for this many either. */
const deepestTypedef = 64;

function seeThrough(
  type: TypeReference,
  extents: readonly string[],
  names: Names,
  depth = 0,
): Seen {
  if (depth > deepestTypedef)
    throw new IigError(type.at, `the type ${type.name} is itself; give it another meaning`);
  const typedef = names.typedefs.get(type.name);
  if (typedef?.kind === 'callable' || (type.specifiers === type.name && /[(^]/.test(type.name)))
    return {
      name: type.name,
      specifiers: type.specifiers,
      isConst: false,
      pointers: [],
      extents,
      isCallable: true,
    };
  if (typedef?.kind === 'array' && type.pointers.length === 0) {
    const element = seeThrough(typedef.element, [], names, depth + 1);
    return {
      ...element,
      isConst: element.isConst || type.isConst,
      extents: [...extents, ...typedef.extents, ...element.extents],
    };
  }
  if (
    typedef?.kind === 'alias' &&
    typedef.type.name !== type.name &&
    (names.classes.has(typedef.type.name) ||
      typedef.type.pointers.length > 0 ||
      names.typedefs.has(typedef.type.name))
  ) {
    const inner = seeThrough(typedef.type, [], names, depth + 1);
    if (inner.pointers.length > 0 || inner.extents.length > 0 || names.classes.has(inner.name))
      return {
        ...inner,
        pointers: [...inner.pointers, ...type.pointers],
        extents: [...extents, ...inner.extents],
      };
  }
  return {
    name: type.name.replace(/^::/, ''),
    specifiers: type.specifiers,
    isConst: type.isConst,
    pointers: type.pointers,
    extents,
    isCallable: false,
  };
}

function refuse({ at, name, verbatim }: Parameter, seen: Seen): void {
  if (verbatim === '...')
    throw new IigError(at, 'a message has no variable arguments; make the method LOCALONLY');
  if (verbatim !== undefined && name === '')
    throw new IigError(at, 'a function pointer in a message needs a name: write (*name)');
  if (seen.pointers.some(({ operator }) => operator !== '*'))
    throw new IigError(
      at,
      `${name} is a reference, which a message cannot carry; use a pointer, or make the method LOCALONLY`,
    );
  if (seen.name === 'void' && seen.pointers.length > 0)
    throw new IigError(
      at,
      `${name} points to void, which a message cannot carry; make the method LOCALONLY`,
    );
  if (seen.name.includes('<'))
    throw new IigError(
      at,
      `${name} is of a template type, which a message cannot carry; make the method LOCALONLY`,
    );
  if (
    seen.name === 'char' &&
    seen.isConst &&
    seen.pointers.length === 1 &&
    seen.extents.length === 0
  )
    throw new IigError(
      at,
      `${name} is a string without a bound, which a message cannot carry; declare it as const char ${name}[N], or make the method LOCALONLY`,
    );
}

type ArrayContext = { readonly all: readonly Parameter[]; readonly isObject: boolean };

function arrayCarrier(parameter: Parameter, seen: Seen, { all, isObject }: ArrayContext): Carrier {
  const { name, at } = parameter;
  const [extent, second] = seen.extents;
  if (extent === undefined || extent === '')
    throw new IigError(
      at,
      `${name} is an array without a size, which a message cannot carry; write its length between the brackets`,
    );
  if (second !== undefined)
    throw new IigError(
      at,
      `${name} has two dimensions, which a message cannot carry; put the array into a struct`,
    );
  const count = all.find((other) => other.name === `${name}Count`)?.name;
  if (seen.pointers.length > 0) {
    if (!isObject || seen.pointers.length > 1)
      throw new IigError(
        at,
        `${name} is an array of pointers to plain data, which a message cannot carry; use an array of the data`,
      );
    return { kind: 'objectArray', className: seen.name, extent, count };
  }
  const element = seen.specifiers.replace(/\bconst\b\s*/g, '');
  if (!seen.isConst) return { kind: 'arrayOut', element, extent, count };
  return seen.name === 'char'
    ? { kind: 'string', extent }
    : { kind: 'arrayIn', element, extent, count };
}

function objectCarrier(parameter: Parameter, seen: Seen): Carrier {
  if (seen.pointers.length === 1) return { kind: 'object', className: seen.name };
  if (seen.pointers.length === 2 && (seen.isConst || seen.pointers[0]?.isConst))
    throw new IigError(
      parameter.at,
      `${parameter.name} returns an object and cannot be const; write ${seen.name} ** ${parameter.name}`,
    );
  if (seen.pointers.length === 2) return { kind: 'objectOut', className: seen.name };
  throw new IigError(
    parameter.at,
    `${parameter.name} has too many levels of pointers; an object goes as one *, and comes back as two`,
  );
}

/** `xCount` next to a non-const array `x` goes both ways: room in, elements out. */
function isCountOf(name: string, all: readonly Parameter[], names: Names): boolean {
  if (!name.endsWith('Count')) return false;
  const array = all.find((other) => other.name === name.slice(0, -'Count'.length));
  return array !== undefined && seeThrough(array.type, array.extents, names).extents.length > 0;
}

/** A parameter as `_Args` lists it. */
export function argumentText(
  parameter: Parameter,
  all: readonly Parameter[],
  names: Names,
): string {
  const carrier = carrierOf(parameter, all, names);
  const { name } = parameter;
  switch (carrier.kind) {
    case 'string':
      return `const char * ${name}`;
    case 'arrayIn':
      return `const ${carrier.element} * ${name}`;
    case 'arrayOut':
      return `${carrier.element} * ${name}`;
    case 'objectArray':
      return `${carrier.className} * ${parameter.type.pointers.at(-1)?.isConst ? 'const ' : ''}* ${name}`;
    default:
      return parameterText(parameter);
  }
}

/** A parameter as it was declared, without annotations and default value. */
export function parameterText({ type, name, extents, verbatim }: Parameter): string {
  if (verbatim !== undefined) return verbatim;
  return `${typeWithPointers(type)} ${name}${extents.map((extent) => `[${extent}]`).join('')}`;
}

export function typeWithPointers({ specifiers, pointers }: TypeReference): string {
  return [
    specifiers,
    ...pointers.map(({ operator, isConst }) => (isConst ? `${operator} const` : operator)),
  ]
    .join(' ')
    .replace(/([*&]) (?=[*&])/g, '$1');
}
