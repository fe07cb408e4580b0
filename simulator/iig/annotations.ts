// The annotations of the .iig language (contract §1.1).

export type Annotation =
  | 'KERNEL'
  | 'NATIVE'
  | 'LOCAL'
  | 'LOCALONLY'
  | 'REMOTE'
  | 'LOCALHOST'
  | 'INVOKEREPLY'
  | 'REPLY'
  | 'PORTMAKESEND'
  | 'PORTCOPYSEND'
  | 'TARGET'
  | 'TYPE'
  | 'EXTENDS'
  | 'QUEUENAME'
  | 'SERIALIZABLE';

type Rule = {
  readonly argument: boolean;
  readonly on: readonly ('class' | 'method' | 'parameter')[];
};

export const annotationRules: Readonly<Record<Annotation, Rule>> = {
  KERNEL: { argument: false, on: ['class', 'method'] },
  NATIVE: { argument: false, on: ['class'] },
  LOCAL: { argument: false, on: ['class', 'method'] },
  LOCALONLY: { argument: false, on: ['class', 'method'] },
  REMOTE: { argument: false, on: ['class', 'method'] },
  LOCALHOST: { argument: false, on: ['method'] },
  INVOKEREPLY: { argument: false, on: ['method'] },
  REPLY: { argument: false, on: ['method'] },
  PORTMAKESEND: { argument: false, on: ['parameter'] },
  PORTCOPYSEND: { argument: false, on: ['parameter'] },
  TARGET: { argument: false, on: ['parameter'] },
  TYPE: { argument: true, on: ['method', 'parameter'] },
  EXTENDS: { argument: true, on: ['class'] },
  QUEUENAME: { argument: true, on: ['method'] },
  SERIALIZABLE: { argument: false, on: ['class'] },
};

/** Every spelling: each annotation also has one with IIG_ in front. */
export const annotationNames: ReadonlyMap<string, Annotation> = new Map(
  (Object.keys(annotationRules) as Annotation[]).flatMap((name) => [
    [name, name] as const,
    [`IIG_${name}`, name] as const,
  ]),
);

/** Annotation → its argument, '' when it has none. */
export type Annotations = ReadonlyMap<Annotation, string>;
