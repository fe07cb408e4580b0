// Prints the declarations that an interface has hundreds of, as ts-morph would print them, but without the parse of the
// result that ts-morph ends with: that took a third of the time of a large interface. ts-morph prints the rest of the
// module, in which a mark stands for each run of declarations printed here.
import {
  type FunctionDeclarationStructure,
  type InterfaceDeclarationStructure,
  type MethodDeclarationStructure,
  type OptionalKind,
  type ParameterDeclarationStructure,
  type PropertySignatureStructure,
  StructureKind,
  type TypeAliasDeclarationStructure,
} from 'ts-morph';

/** What a module is made of, as far as this file knows it; anything else is left to ts-morph. */
export type Bulk =
  | string
  | InterfaceDeclarationStructure
  | FunctionDeclarationStructure
  | TypeAliasDeclarationStructure;

type Method = OptionalKind<MethodDeclarationStructure>;

const MARK = 'dextgenBulk';

/** Texts that go where marks stand. */
export type Marks = string[];

/** A statement to hand to ts-morph, for which `declarations` are put in later; blank lines as ts-morph has them. */
export function markStatements(marks: Marks, declarations: readonly Bulk[]): string[] {
  if (declarations.length === 0) return [];
  const parts = declarations.map((declaration, index) => {
    const before = declarations[index - 1];
    const blank = isSpaced(declaration) || (before !== undefined && isSpaced(before));
    return `${blank ? '\n' : ''}${printDeclaration(declaration)}`;
  });
  marks.push(parts.join('\n'));
  return [`${MARK}${marks.length - 1};`];
}

/** A method to hand to ts-morph, for which `methods` are put in later. */
export function markMethods(marks: Marks, methods: readonly Method[]): Method[] {
  if (methods.length === 0) return [];
  marks.push(methods.map(printMethod).join('\n\n'));
  return [{ name: `${MARK}${marks.length - 1}` }];
}

/** Puts the texts where the marks are. */
export function fillMarks(text: string, marks: Marks): string {
  return text.replace(
    new RegExp(`^ *${MARK}(\\d+)(?:;|\\(\\) \\{\\n *\\})$`, 'gm'),
    (_, index) => marks[Number(index)] ?? '',
  );
}

/** Functions and interfaces have blank lines around them. */
function isSpaced(declaration: Bulk): boolean {
  return typeof declaration !== 'string' && declaration.kind !== StructureKind.TypeAlias;
}

function printDeclaration(declaration: Bulk): string {
  if (typeof declaration === 'string') return declaration.replace(/\n$/, '');
  const exported = declaration.isExported === true ? 'export ' : '';
  const head = `${docsText(declaration.docs, '')}${exported}`;
  switch (declaration.kind) {
    case StructureKind.TypeAlias:
      refuseOthers(declaration, ['kind', 'name', 'isExported', 'docs', 'type']);
      return `${head}type ${declaration.name} = ${declaration.type};`;
    case StructureKind.Interface:
      refuseOthers(declaration, ['kind', 'name', 'isExported', 'docs', 'properties']);
      return `${head}interface ${declaration.name} {\n${declaration.properties?.map(printProperty).join('') ?? ''}}`;
    case StructureKind.Function:
      refuseOthers(declaration, [
        'kind',
        'name',
        'isExported',
        'docs',
        'parameters',
        'returnType',
        'statements',
      ]);
      return `${head}function ${signature(declaration)} {\n${bodyText(declaration.statements, '  ')}}`;
    default:
      return declaration satisfies never;
  }
}

function printProperty(property: OptionalKind<PropertySignatureStructure>): string {
  refuseOthers(property, ['name', 'isReadonly', 'hasQuestionToken', 'type', 'docs']);
  const { name, isReadonly, hasQuestionToken, type, docs } = property;
  const readonly = isReadonly === true ? 'readonly ' : '';
  const optional = hasQuestionToken === true ? '?' : '';
  return `${docsText(docs, '  ')}  ${readonly}${name}${optional}: ${type};\n`;
}

function printMethod(method: Method): string {
  refuseOthers(method, [
    'name',
    'isStatic',
    'isAsync',
    'docs',
    'parameters',
    'returnType',
    'statements',
  ]);
  const { isStatic, isAsync, docs, statements } = method;
  const words = `${isStatic === true ? 'static ' : ''}${isAsync === true ? 'async ' : ''}`;
  return `${docsText(docs, '  ')}  ${words}${signature(method)} {\n${bodyText(statements, '    ')}  }`;
}

type Signature = Pick<Method, 'parameters' | 'returnType'> & { readonly name?: string };

function signature({ name, parameters, returnType }: Signature): string {
  const result = returnType === undefined ? '' : `: ${returnType}`;
  return `${name}(${(parameters ?? []).map(printParameter).join(', ')})${result}`;
}

function printParameter(parameter: OptionalKind<ParameterDeclarationStructure>): string {
  refuseOthers(parameter, ['name', 'type', 'initializer', 'hasQuestionToken']);
  const { name, type, initializer, hasQuestionToken } = parameter;
  const optional = hasQuestionToken === true ? '?' : '';
  const typed = type === undefined ? '' : `: ${type}`;
  return `${name}${optional}${typed}${initializer === undefined ? '' : ` = ${initializer}`}`;
}

function docsText(docs: Method['docs'], indent: string): string {
  return (docs ?? [])
    .map((doc) => {
      if (typeof doc !== 'string') throw new Error('a doc is a text');
      const lines = doc.split('\n');
      if (lines.length === 1) return `${indent}/** ${doc} */\n`;
      return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
    })
    .join('');
}

function bodyText(statements: Method['statements'], indent: string): string {
  if (statements === undefined) return '';
  if (!Array.isArray(statements)) throw new Error('statements are a list of texts');
  return statements
    .map((statement) => {
      if (typeof statement !== 'string') throw new Error('a statement is a text');
      const isLine = statement !== '' && !/[\n\r\u2028\u2029]/.test(statement);
      return `${isLine ? indent + statement : statement.replace(/^(?=.)/gm, indent)}\n`;
    })
    .join('');
}

/** Something that this file would leave out silently. */
function refuseOthers(structure: object, known: readonly string[]): void {
  const other = Object.keys(structure).find((key) => !known.includes(key));
  if (other !== undefined) throw new Error(`"${other}" is not printed in bulk`);
}
