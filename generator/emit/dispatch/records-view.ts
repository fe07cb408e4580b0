// Everything of an interface that varies in size: the rules that are checked, and the classes that drivers use.
import type { Model, RecordType, VariantType } from '../../model/model.js';
import { bannerLines } from '../banner.js';
import { integerLiteral } from '../c-text.js';
import { type RecordRuleView, recordRule } from './record-rules.js';
import { type ClassView, classView } from './record-view.js';
import { createRules, type RuleView, recordRuleName, type ValuesView } from './rules.js';
import { type VariantClassView, variantClassView } from './variant-view.js';

type Varying = RecordType | VariantType;

export type RecordsView = {
  readonly banner: readonly string[];
  readonly name: string;
  readonly guard: string;
  readonly wireHeader: string;
  readonly enums: readonly ValuesView[];
  readonly structs: readonly RuleView[];
  readonly records: readonly RecordRuleView[];
  /** Every rule, since each may refer to one that stands behind it. */
  readonly rules: readonly string[];
  readonly classes: readonly (ClassView | VariantClassView)[];
};

function varying(model: Model): readonly Varying[] {
  return model.types.filter(
    (type): type is Varying => type.kind === 'record' || type.kind === 'variant',
  );
}

/** A variant is walked as a record without parts. */
function variantRecord(model: Model, type: VariantType, variant: string): RecordRuleView {
  return {
    name: recordRuleName(model, type.name),
    hasParts: false,
    partsName: '',
    counts: [],
    parts: [],
    members: [`.max = ${integerLiteral('u64', type.max)}`, `.variant = ${variant}`],
  };
}

export function toRecordsView(model: Model): RecordsView {
  const rules = createRules(model);
  const types = varying(model);
  const records = types.map((type) =>
    type.kind === 'record'
      ? recordRule(model, rules, type)
      : variantRecord(model, type, rules.variant(type.name)),
  );
  return {
    banner: bannerLines(model),
    name: model.name,
    guard: `${model.name}Records_h`,
    wireHeader: `${model.id}.h`,
    ...rules.views(),
    records,
    rules: records.map(({ name }) => name),
    classes: types.flatMap((type): (ClassView | VariantClassView)[] => {
      if (type.kind === 'record') return [classView(model, type)];
      return type.exact ? [variantClassView(model, type)] : [];
    }),
  };
}
