// A Markdown reference of the interface, for the people on both sides of it.
import type { Emitter } from '../emitter.js';
import { toDocsView } from './view.js';

export const docsEmitter: Emitter = {
  name: 'docs',
  emit: (model, render) => [
    { path: `docs/${model.id}.md`, text: render('docs/reference.md', toDocsView(model)) },
  ],
};
