// Annotations, in both spellings, and the attributes that a translation ignores.
import { type Annotation, annotationNames, annotationRules } from './annotations.js';
import { type Cursor, next, peek, takeBalanced, unexpected } from './cursor.js';
import { joinTokens, type Token } from './lexer.js';
import { IigError } from './source.js';

const ignored = new Set([
  '_Nonnull',
  '_Nullable',
  '_Null_unspecified',
  '__nonnull',
  '__nullable',
  '__restrict',
  'restrict',
  '_Atomic',
  '__unused',
  '__strong',
  '__unsafe_unretained',
  '__single',
  '__kernel_ptr_semantics',
]);

/** Attributes and nullability say nothing that the simulator needs. */
export function skipIgnored(cursor: Cursor): void {
  for (;;) {
    const { text, kind } = peek(cursor);
    if (kind === 'name' && ignored.has(text)) next(cursor);
    else if (annotateAttribute(cursor) !== undefined) return;
    else if (text === '__attribute__' && peek(cursor, 1).text === '(') {
      next(cursor);
      takeBalanced(cursor);
    } else if (text === '[' && peek(cursor, 1).text === '[') takeBalanced(cursor);
    else return;
  }
}

/** The annotations at the cursor, with attributes between them. */
export function parseAnnotations(
  cursor: Cursor,
  on: 'class' | 'method' | 'parameter',
  found: Map<Annotation, string> = new Map(),
): Map<Annotation, string> {
  for (skipIgnored(cursor); ; skipIgnored(cursor)) {
    const token = peek(cursor);
    const spelled = annotateAttribute(cursor);
    const name = spelled?.name ?? (token.kind === 'name' ? token.text : '');
    const annotation = annotationNames.get(name);
    if (annotation === undefined) {
      if (spelled === undefined) return found;
      throw new IigError(
        token,
        `annotate("${spelled.text}") is none of the .iig language; leave it out`,
      );
    }
    const { on: places, argument } = annotationRules[annotation];
    if (!places.includes(on))
      throw new IigError(
        token,
        `${annotation} does not belong on a ${on}; it goes on a ${places.join(' or a ')}`,
      );
    if (found.has(annotation))
      throw new IigError(token, `${annotation} is given twice; once is enough`);
    next(cursor);
    if (spelled !== undefined) {
      takeBalanced(cursor);
      found.set(annotation, spelled.argument);
    } else found.set(annotation, argument ? annotationArgument(cursor, token) : '');
  }
}

type Spelled = { readonly text: string; readonly name: string; readonly argument: string };

/** At `__attribute__((annotate("…")))`, which is what the annotations are defined as: LOCAL is "local". */
function annotateAttribute(cursor: Cursor): Spelled | undefined {
  const at = (ahead: number): string => peek(cursor, ahead).text;
  if (at(0) !== '__attribute__' || at(1) !== '(' || at(2) !== '(' || at(3) !== 'annotate')
    return undefined;
  const text = at(4) === '(' ? at(5).replace(/^"|"$/g, '') : '';
  const [, name = text, argument = ''] = /^(\w+)=(.*)$/.exec(text) ?? [];
  return {
    text,
    name: name
      .replace(/^MACH_MSG_TYPE_/, 'PORT')
      .replace('_', '')
      .toUpperCase(),
    argument,
  };
}

function annotationArgument(cursor: Cursor, annotation: Token): string {
  if (peek(cursor).text !== '(') throw unexpected(cursor, `expected "(" after ${annotation.text}`);
  const text = joinTokens(takeBalanced(cursor).slice(1, -1));
  if (text === '')
    throw new IigError(
      annotation,
      `${annotation.text} needs an argument: expected a name between the brackets`,
    );
  return text;
}
