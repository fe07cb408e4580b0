// What the parser makes of a .iig file: classes with their methods, and the type names that matter for messages.
import type { Annotations } from './annotations.js';
import type { Location } from './source.js';

export type Pointer = { readonly operator: '*' | '&' | '&&'; readonly isConst: boolean };

/** `const IOService * const *` = specifiers "const IOService", name "IOService", two pointers. */
export type TypeReference = {
  readonly specifiers: string;
  /** The type's name without cv and elaboration; "unsigned int" for built-in ones. */
  readonly name: string;
  readonly isConst: boolean;
  readonly pointers: readonly Pointer[];
  readonly at: Location;
};

export type Parameter = {
  readonly type: TypeReference;
  readonly name: string;
  readonly extents: readonly string[];
  /** A function pointer, block or `...`: the whole declaration as text, with the name inside. */
  readonly verbatim: string | undefined;
  readonly defaultValue: string | undefined;
  readonly annotations: Annotations;
  readonly at: Location;
};

export type Method = {
  readonly name: string;
  readonly returns: TypeReference;
  readonly parameters: readonly Parameter[];
  readonly isVirtual: boolean;
  readonly isStatic: boolean;
  readonly isConst: boolean;
  readonly isOverride: boolean;
  readonly isPure: boolean;
  readonly annotations: Annotations;
  readonly at: Location;
};

export type ClassDeclaration = {
  readonly name: string;
  readonly base: string | undefined;
  readonly baseAt: Location;
  readonly annotations: Annotations;
  readonly methods: readonly Method[];
  /** Enums, structs and typedefs declared inside the class, as text. */
  readonly nested: readonly string[];
  readonly at: Location;
  /** From `class` to behind the semicolon. */
  readonly start: number;
  readonly end: number;
};

/** A typedef that changes how a parameter travels; others are plain values. */
export type Typedef =
  | { readonly kind: 'array'; readonly element: TypeReference; readonly extents: readonly string[] }
  | { readonly kind: 'alias'; readonly type: TypeReference }
  | { readonly kind: 'callable'; readonly isBlock: boolean };

/** A typedef of a block type: the header needs a stand-in for compilers without blocks. */
export type BlockTypedef = { readonly name: string; readonly start: number; readonly end: number };

export type ParsedFile = {
  readonly classes: readonly ClassDeclaration[];
  /** Classes with EXTENDS: their methods belong to another, and they have no header of their own. */
  readonly extensions: readonly ClassDeclaration[];
  readonly blockTypedefs: readonly BlockTypedef[];
};
