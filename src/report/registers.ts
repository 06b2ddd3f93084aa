/** Where a cell of a placed design comes from. */
export interface Origin {
  /** module of the source that holds the register or the memory */
  readonly module: string;
  /** its name there, indices left out */
  readonly signal: string;
  /** pipeline stage that the name says, such as s3 */
  readonly stage: string | null;
}

/** The part of a netlist of Yosys's `write_json` that says where cells come from. */
export interface NamedNetlist {
  readonly modules: Readonly<
    Record<
      string,
      {
        readonly cells: Readonly<
          Record<string, { readonly type: string; readonly attributes: Readonly<Record<string, string>> }>
        >;
      }
    >
  >;
}

/** What Yosys and nextpnr add to the name of a register or memory. */
const ADDED = /_(?:TRELLIS_FF|DP16KD|TRELLIS_DPR16X4|MULT18X18D|CCU2C|LUT4|PFUMX)_.*$|\.\d+\.\d+(?:[_$].*)?$|\$.*$/;

/** Says of each cell of `top`, by its name, where it comes from: by its source line, else by the instance around it. */
export const originsIn = (netlist: NamedNetlist, top: string): ((cell: string) => Origin) => {
  const { cells } = netlist.modules[top];
  const scopes = new Map(
    Object.entries(cells)
      .filter(([, { type }]) => type === '$scopeinfo')
      .map(([name, { attributes }]) => [name, attributes.module_hdlname ?? attributes.module ?? name]),
  );
  const scopeOf = (name: string): string => {
    for (let at = name.lastIndexOf('.'); at > 0; at = name.lastIndexOf('.', at - 1)) {
      const found = scopes.get(name.slice(0, at));
      if (found !== undefined) return found;
    }
    return top;
  };
  return (cell) => {
    const { src = '' } = cells[cell]?.attributes ?? {};
    const name = cell.replace(ADDED, '');
    const signal = (name.split('.').at(-1) ?? name).replace(/\[\d+\]/g, '');
    return {
      module: /(?:^|\|)(\w+)\.sv:/.exec(src)?.[1] ?? scopeOf(cell),
      signal,
      stage: /_(s\d)(?:_|$)/.exec(signal)?.[1] ?? null,
    };
  };
};
