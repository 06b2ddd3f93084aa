import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';

/** A view model: what a template may name. */
export type View = { readonly [name: string]: ViewValue };
export type ViewValue = string | number | boolean | View | readonly ViewValue[];

const folder = new URL('../../templates/', import.meta.url);

/** Text of `templates/<file>`. */
export const templateText = (file: string): string => readFileSync(fileURLToPath(new URL(file, folder)), 'utf8');

/** Makes any name that the view lacks an error: Handlebars itself prints nothing for it in a block. */
const guarded = (value: ViewValue, path: string): ViewValue => {
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((entry: ViewValue, i) => guarded(entry, `${path}[${i}]`));
  const inner = Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, guarded(entry, `${path}.${name}`)]),
  );
  return new Proxy(inner, {
    get: (target, name) => {
      if (typeof name === 'symbol' || Object.hasOwn(target, name)) return Reflect.get(target, name);
      throw new Error(`${path}: the template names ${name}, which the view lacks`);
    },
  });
};

const engine = Handlebars.create();
const compiled = new Map<string, Handlebars.TemplateDelegate>();

/**
 * Renders `templates/<file>` with a view that must hold every name the template uses.
 * @throws Error naming what the view lacks
 */
export const render = (file: string, view: View): string => {
  let template = compiled.get(file);
  if (template === undefined) {
    template = engine.compile(templateText(file), { noEscape: true, strict: true });
    compiled.set(file, template);
  }
  return template(guarded(view, file), { allowProtoPropertiesByDefault: true });
};
