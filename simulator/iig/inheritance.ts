// What a class has from the classes above it.
import type { Program } from './program.js';
import { sameParameters } from './signature.js';
import { IigError } from './source.js';
import type { ClassDeclaration, Method } from './syntax.js';

/** Virtual methods of the hand-written root. */
export const rootMethods = new Set(['retain', 'release', 'isEqualTo', 'getMetaClass', 'Dispatch']);

export const rootClass = 'OSMetaClassBase';

export function ancestorsOf(
  declaration: ClassDeclaration,
  program: Program,
): readonly ClassDeclaration[] {
  const ancestors: ClassDeclaration[] = [];
  for (let child = declaration; child.base !== rootClass; ) {
    if (child.base === undefined)
      return fail(
        child,
        program,
        `class ${child.name} has no base class; derive it from OSObject or one of its subclasses`,
      );
    const base = program.classes.get(child.base)?.declaration;
    if (base === undefined)
      return fail(
        child,
        program,
        `base class ${child.base} is not declared in any included .iig file; include its .iig`,
      );
    if (base === declaration || ancestors.includes(base))
      return fail(
        declaration,
        program,
        `class ${declaration.name} derives from itself; name another base class`,
      );
    ancestors.push(base);
    child = base;
  }
  return ancestors;
}

function fail(child: ClassDeclaration, program: Program, message: string): readonly [] {
  program.errors.push(new IigError(child.baseAt, message));
  return [];
}

export const isLocalOnlyClass = ({ annotations }: ClassDeclaration): boolean =>
  annotations.has('LOCALONLY');

export type Inherited = { readonly method: Method; readonly owner: ClassDeclaration };

/** The nearest declaration of the same name; of several overloads, the one with the same parameters. */
export function findInherited(
  method: Method,
  ancestors: readonly ClassDeclaration[],
): Inherited | undefined {
  for (const owner of ancestors) {
    const named = owner.methods.filter(({ name, isStatic }) => name === method.name && !isStatic);
    const found =
      named.find(({ parameters }) => sameParameters(parameters, method.parameters)) ?? named[0];
    if (found === undefined || method.isStatic) continue;
    return { method: found, owner };
  }
  return undefined;
}

export function isLocalOnly(
  method: Method,
  owner: ClassDeclaration,
  ancestors: readonly ClassDeclaration[],
): boolean {
  if (
    method.annotations.has('LOCALONLY') ||
    isLocalOnlyClass(owner) ||
    rootMethods.has(method.name)
  )
    return true;
  const above = findInherited(method, ancestors.slice(ancestors.indexOf(owner) + 1));
  return above !== undefined && isLocalOnly(above.method, above.owner, ancestors);
}

/** Of the declaration that introduced a message: overrides in between have no identifier. */
export function origin(
  { method, owner }: Inherited,
  ancestors: readonly ClassDeclaration[],
): Inherited {
  const above = findInherited(method, ancestors.slice(ancestors.indexOf(owner) + 1));
  return above === undefined ? { method, owner } : origin(above, ancestors);
}
