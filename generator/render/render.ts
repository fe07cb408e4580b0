// Handlebars, narrowed to printing fields: no helpers of ours, no escaping, nothing missing.
// Knows templates as texts by path; reading them from disk is io/'s, escaping is the views'.
import Handlebars from 'handlebars';
import { checkView } from './check-view.js';

/** `template` is a path below `templates/` without `.hbs`: `dispatch/user-client.cpp`. */
export type Render = (template: string, view: object) => string;

/**
 * Templates by path below `templates/`: `dispatch/user-client.cpp.hbs`, `dispatch/partials/method.hbs`.
 * A text is compiled when it is first printed; a compiled one saves that time.
 */
export type Templates = ReadonlyMap<string, string | TemplateSpecification>;

/** New for each template: Handlebars turns `data` on in them when the template reads `@root`, which costs every iteration. */
const options = (): CompileOptions => ({
  noEscape: true,
  strict: true,
  knownHelpersOnly: true,
  data: false,
});
const partialPath = /^([^/]+)\/partials\/([^/]+)\.hbs$/;

/** A template as the source of a JavaScript object that `Templates` takes. */
export function precompileTemplate(text: string): string {
  return String(Handlebars.precompile(unixLines(text), options()));
}

export function createRender(templates: Templates): Render {
  const handlebars = Handlebars.create();
  strictBlocks(handlebars);
  const pages = new Map<string, HandlebarsTemplateDelegate>();
  for (const [path, template] of templates) {
    const compiled = blaming(
      path,
      typeof template === 'string'
        ? handlebars.compile(unixLines(template), options())
        : handlebars.template(template),
    );
    const partial = partialPath.exec(path);
    if (partial) handlebars.registerPartial(`${partial[1]}/${partial[2]}`, compiled);
    else pages.set(path.replace(/\.hbs$/, ''), compiled);
  }
  return (template, view) => {
    const page = pages.get(template);
    if (page === undefined) throw new Error(`there is no template templates/${template}.hbs`);
    checkView(template, view);
    return page(view);
  };
}

class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** Its errors name the template or partial they arise in. */
function blaming(path: string, compiled: HandlebarsTemplateDelegate): HandlebarsTemplateDelegate {
  return (view, options) => {
    try {
      const text = compiled(view, options);
      if (text.includes('[object Object]'))
        throw new Error('it prints an object as if it were text');
      return text;
    } catch (error) {
      if (error instanceof TemplateError) throw error;
      throw new TemplateError(`templates/${path}: ${(error as Error).message}`, { cause: error });
    }
  };
}

// Handlebars' `strict` lets `#if` and `#each` take a missing field for false or empty, so both check what they get.
function strictBlocks(handlebars: typeof Handlebars): void {
  const wrap = (name: string, expected: string, accepts: (value: unknown) => boolean) => {
    const original = handlebars.helpers[name] as Handlebars.HelperDelegate;
    handlebars.registerHelper(name, function (this: unknown, value: unknown, helper: BlockOptions) {
      if (accepts(value)) return original.call(this, value, helper);
      const line = helper.loc?.start.line ?? '?';
      throw new Error(`#${name} at line ${line} needs ${expected}`);
    });
  };
  const isBoolean = (value: unknown) => typeof value === 'boolean';
  wrap('if', 'a boolean', isBoolean);
  wrap('unless', 'a boolean', isBoolean);
  wrap('each', 'an array', Array.isArray);
}

type BlockOptions = Handlebars.HelperOptions & {
  readonly loc?: { readonly start: { readonly line: number } };
};

function unixLines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
