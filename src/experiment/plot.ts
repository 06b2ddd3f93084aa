import type { TopLevelSpec } from 'vega-lite';
import { UserError } from '../fx/error.js';
import type { Row } from './report.js';

/** A plot as Vega-Lite has it. */
export type VegaLite = TopLevelSpec;

const LOOK = {
  config: {
    view: { stroke: null },
    axis: {
      grid: true,
      gridColor: '#e6e6e6',
      domainColor: '#888',
      tickColor: '#888',
      labelFontSize: 11,
      titleFontSize: 12,
    },
    legend: { labelFontSize: 11, titleFontSize: 12 },
    header: { labelFontSize: 12, titleFontSize: 12 },
    font: 'Helvetica, Arial, sans-serif',
  },
  background: 'white',
  padding: 12,
} as const;

interface Axis {
  readonly field: string;
  readonly title: string;
}

interface Facet {
  readonly facet?: Axis;
  /** panels a row; all in one if left out */
  readonly columns?: number;
}

const columnsOf = (rows: readonly Row[], field: string): (string | number)[] => [
  ...new Set(rows.map((row) => row[field])),
];

/** A channel that tells the categories of `axis` apart, in the order of the rows. */
const nominal = (rows: readonly Row[], { field, title }: Axis) => ({
  field,
  type: 'nominal' as const,
  title,
  sort: columnsOf(rows, field).map(String),
});

/** Panels of what `facet` names. */
const panels = (rows: readonly Row[], facet: Axis, columns: number | undefined) =>
  columns === undefined ? { facet: { column: nominal(rows, facet) } } : { facet: nominal(rows, facet), columns };

/** Modes look the same in every plot; other series take the colours of the scheme. */
const COLOURS: Readonly<Record<string, string>> = {
  'plain BP': '#4c78a8',
  'no factors': '#4c78a8',
  uniform: '#f58518',
  'GRAPES local': '#54a24b',
  GRAPES: '#e45756',
};

const colour = (rows: readonly Row[], series: Axis) => {
  const names = columnsOf(rows, series.field).map(String);
  const known = names.every((name) => name in COLOURS);
  return {
    ...nominal(rows, series),
    ...(known && { scale: { domain: names, range: names.map((name) => COLOURS[name]) } }),
    legend: { symbolOpacity: 1 },
  };
};

/** The rows with the ends of a bar of one standard deviation at `y`. */
const barred = (rows: readonly Row[], y: Axis): object[] =>
  rows.map((row) => ({
    ...row,
    low: Number(row[y.field]) - Number(row.deviation),
    high: Number(row[y.field]) + Number(row.deviation),
  }));

/** A line a series through means, in a band of one standard deviation to either side. Rows need `y` and `deviation`. */
export const lines = (
  rows: readonly Row[],
  { x, y, series, facet, columns }: { readonly x: Axis; readonly y: Axis; readonly series: Axis } & Facet,
): VegaLite => {
  const values = barred(rows, y);
  const layer = [
    {
      mark: { type: 'area' as const, opacity: 0.15 },
      encoding: { y: { field: 'low', type: 'quantitative' as const }, y2: { field: 'high' } },
    },
    {
      mark: { type: 'line' as const, point: { size: 36 }, strokeWidth: 2 },
      encoding: {
        y: {
          field: y.field,
          type: 'quantitative' as const,
          title: y.title,
          scale: { zero: false },
        },
      },
    },
  ];
  const encoding = {
    x: {
      field: x.field,
      type: 'quantitative' as const,
      title: x.title,
      axis: { tickMinStep: 1, format: 'd' },
      scale: { zero: false, nice: false, padding: 8 },
    },
    color: colour(rows, series),
  };
  const unit = { width: facet ? 260 : 480, height: 300, layer, encoding };
  if (facet === undefined) return { ...LOOK, data: { values }, ...unit };
  return {
    ...LOOK,
    data: { values },
    ...panels(rows, facet, columns),
    spec: unit,
  };
};

/** A point and a bar of one standard deviation for each category. Rows need `y` and `deviation`. */
export const points = (
  rows: readonly Row[],
  { x, y, series, facet }: { readonly x: Axis; readonly y: Axis; readonly series: Axis } & Facet,
): VegaLite => {
  const values = barred(rows, y);
  const unit = {
    width: facet ? 220 : 420,
    height: 280,
    layer: [
      {
        mark: { type: 'rule' as const, strokeWidth: 2 },
        encoding: { y: { field: 'low', type: 'quantitative' as const }, y2: { field: 'high' } },
      },
      {
        mark: { type: 'point' as const, filled: true, size: 70, opacity: 1 },
        encoding: {
          y: { field: y.field, type: 'quantitative' as const, title: y.title, scale: { zero: false } },
        },
      },
    ],
    encoding: {
      x: { ...nominal(rows, x), axis: { labelAngle: 0 } },
      xOffset: {
        field: series.field,
        type: 'nominal' as const,
        sort: columnsOf(rows, series.field).map(String),
      },
      color: colour(rows, series),
    },
  };
  if (facet === undefined) return { ...LOOK, data: { values }, ...unit };
  return {
    ...LOOK,
    data: { values },
    facet: { column: nominal(rows, facet) },
    spec: unit,
  };
};

/** Of the scale of a map's colours, which tells high values apart. */
const EXPONENT = 4;

/** Rows that know whether their colour is so dark that its number must be white. */
const inked = (rows: readonly Row[], field: string): object[] => {
  const values = rows.map((row) => Number(row[field]) ** EXPONENT);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return rows.map((row, i) => ({ ...row, dark: values[i] - low > (high - low) / 2 }));
};

/** A map of values with the number in each cell, a panel for each value of `facet`. */
export const heatmap = (
  rows: readonly Row[],
  { x, y, value, facet }: { readonly x: Axis; readonly y: Axis; readonly value: Axis; readonly facet: Axis },
): VegaLite => ({
  ...LOOK,
  data: { values: inked(rows, value.field) },
  facet: { column: nominal(rows, facet) },
  spec: {
    width: { step: 40 },
    height: { step: 30 },
    encoding: {
      x: { field: x.field, type: 'ordinal', title: x.title, axis: { labelAngle: 0, grid: false } },
      y: { field: y.field, type: 'ordinal', title: y.title, sort: 'descending', axis: { grid: false } },
    },
    layer: [
      {
        mark: { type: 'rect' },
        encoding: {
          color: {
            field: value.field,
            type: 'quantitative',
            title: value.title,
            scale: { scheme: 'yellowgreenblue', type: 'pow', exponent: EXPONENT },
            legend: { tickCount: 20 },
          },
        },
      },
      {
        mark: { type: 'text', fontSize: 10 },
        encoding: {
          text: { field: value.field, type: 'quantitative', format: '.1f' },
          color: { condition: { test: 'datum.dark', value: 'white' }, value: 'black' },
        },
      },
    ],
  },
});

const missing = (cause: unknown): UserError =>
  new UserError(
    'plot: vega and vega-lite are not installed; run npm install vega vega-lite, or leave it out with --no-plot',
    {
      exit: 3,
      cause,
    },
  );

/** Draws a plot as SVG, without a browser. @throws UserError where Vega is not installed */
export const toSvg = async (plot: VegaLite): Promise<string> => {
  const [vega, lite] = await Promise.all([import('vega'), import('vega-lite')]).catch((cause) => {
    throw missing(cause);
  });
  // numbers in the ids of gradients go on from plot to plot otherwise
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(lite.compile(plot).spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
};
