// What the emitters print: classes with every method sorted into what becomes of it.
import type { Carrier } from './carrier.js';
import type { ClassDeclaration, Method, Parameter } from './syntax.js';

export type MessageParameter = { readonly parameter: Parameter; readonly carrier: Carrier };

/** A method that has an identifier of its own, or takes over the one of a base class. */
export type Message = {
  readonly method: Method;
  /** Prefix of the identifier, the argument list and the invocation: the class that declared the message. */
  readonly owner: string;
  readonly ownerMethod: string;
  /** The declaration whose parameter names the owner's argument list has. */
  readonly shape: Method;
  readonly parameters: readonly MessageParameter[];
  /** For `_Args`: the parameters as a function sees them, arrays as pointers. */
  readonly argumentList: readonly string[];
  /** Declared here first: gets identifier, stub and invocation. */
  readonly isNew: boolean;
  /** Implemented here: gets `_Impl` and a row in the dispatch. */
  readonly isImplemented: boolean;
  /** The implementation stands for the kernel's and runs on the caller's thread. */
  readonly isKernel: boolean;
  /** The parameter through which the message finds its target (TARGET). */
  readonly target: string | undefined;
  readonly queueName: string | undefined;
};

/** `TYPE(Owner::Method)` on a method: a callback with an action class of its own. */
export type ActionMethod = {
  readonly method: Method;
  readonly actionClass: string;
  readonly owner: string;
  readonly ownerMethod: string;
  readonly shape: Method;
  readonly argumentList: readonly string[];
  readonly isKernel: boolean;
  readonly queueName: string | undefined;
};

export type LocalMethod = { readonly method: Method; readonly isOverride: boolean };

export type ClassModel = {
  readonly declaration: ClassDeclaration;
  readonly name: string;
  readonly base: string;
  /** Ordinary C++: no messages at all. */
  readonly isLocalOnly: boolean;
  readonly messages: readonly Message[];
  readonly actions: readonly ActionMethod[];
  readonly locals: readonly LocalMethod[];
  readonly queueNames: readonly string[];
};
