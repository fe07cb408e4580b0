// What the rest of the compiler uses of source/.
export { type Comment, commentsOf } from './comments.js';
export { importsOf, keptFilesOf } from './imports.js';
export {
  child,
  type Entry,
  entriesOf,
  integerOf,
  itemsOf,
  type ListNode,
  type MapNode,
  type ScalarNode,
  type SourceNode,
  type Span,
  stringOf,
  toPlain,
} from './node.js';
export { parseSource } from './parse.js';
export {
  createReport,
  type Fault,
  nextBase,
  openSource,
  placeOf,
  type Report,
  type Source,
  type SourceFile,
  sourceAt,
} from './source.js';
