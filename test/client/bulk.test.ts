// What is printed in bulk is what ts-morph prints from the same structures.
import { readFileSync } from 'node:fs';
import { type ClassDeclarationStructure, IndentationText, Project, StructureKind } from 'ts-morph';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveSchema } from '../../generator/compile.js';
import {
  type Bulk,
  fillMarks,
  type Marks,
  markMethods,
  markStatements,
} from '../../generator/emit/client/bulk.js';
import { methodStructure } from '../../generator/emit/client/methods.js';
import { chooseNames } from '../../generator/emit/client/names.js';
import { typeStructures } from '../../generator/emit/client/source.js';
import { tablesOf } from '../../generator/emit/client/tables.js';
import type { Model } from '../../generator/model/model.js';

const bulk = suite('bulk printing');
const last: ClassDeclarationStructure = { kind: StructureKind.Class, name: 'Last' };

function load(path: string): Model {
  const { model } = resolveSchema({ path, text: readFileSync(path, 'utf8') });
  if (model === null) throw new Error(`${path} has no model`);
  return model;
}

function print(statements: Parameters<Project['createSourceFile']>[1]): string {
  const project = new Project({
    useInMemoryFileSystem: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces },
  });
  return project.createSourceFile('a.ts', statements).getFullText();
}

function declarationsOf(model: Model): Bulk[] {
  const names = chooseNames(model);
  return model.types.flatMap((type) => typeStructures(names, type, tablesOf(model)));
}

for (const path of [
  'schema/scope.yaml',
  'test/client/golden/lamp.yaml',
  'test/dext/kitchen.yaml',
]) {
  bulk(`the types of ${path}, in any order`, () => {
    const declarations = declarationsOf(load(path));
    for (const order of [declarations, declarations.toReversed()]) {
      const marks: Marks = [];
      const text = print({ statements: ['first;', ...markStatements(marks, order), last] });
      assert.is(fillMarks(text, marks), print({ statements: ['first;', ...order, last] }));
    }
  });

  bulk(`the methods of ${path}`, () => {
    const model = load(path);
    const names = chooseNames(model);
    const methods = model.methods.map((method) => methodStructure(names, method));
    const shape: ClassDeclarationStructure = { ...last, properties: [{ name: 'x' }] };
    const marks: Marks = [];
    const marked = print({ statements: [{ ...shape, methods: markMethods(marks, methods) }] });
    assert.is(fillMarks(marked, marks), print({ statements: [{ ...shape, methods }] }));
  });
}

bulk('a structure with more than is known is refused', () => {
  assert.throws(
    () =>
      markStatements([], [{ kind: StructureKind.Interface, name: 'A', extends: ['B'], docs: [] }]),
    /"extends" is not printed in bulk/,
  );
});

bulk.run();
