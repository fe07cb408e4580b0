// The comments of a text, which the nodes do not have.
import { Lexer } from 'yaml';

export type Comment = {
  /** Offset of the `#`. */
  readonly start: number;
  /** With its `#`, without white space behind it. */
  readonly text: string;
  /** Nothing but white space stands before it in its line. */
  readonly ownLine: boolean;
};

/** What the lexer says without consuming text: a document begins, a flow collection ends early, a scalar follows. */
const marks = { document: '\u0002', flowEnd: '\u0018', scalar: '\u001f' } as const;

export function commentsOf(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  let offset = 0;
  let scalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === marks.scalar) {
      scalar = true;
      continue;
    }
    if (lexeme === marks.document || lexeme === marks.flowEnd) continue;
    // The text of a block scalar may begin with "#".
    if (lexeme.startsWith('#') && !scalar) {
      const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
      comments.push({ start: offset, text: lexeme.trimEnd(), ownLine: before.trim() === '' });
    }
    scalar = false;
    offset += lexeme.length;
  }
  return comments;
}
