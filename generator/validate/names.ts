import type { Report, SourceNode } from '../source/index.js';
export function checkNames(_root: SourceNode, _report: Report): void {}
