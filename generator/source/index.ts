// What the rest of the compiler uses of source/.
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
  openSource,
  placeOf,
  type Report,
  type Source,
  type SourceFile,
} from './source.js';
