import { Command } from 'commander';
import { jsonSchema } from '../../config/index.js';
import { json } from '../text.js';

export const schemaCommand = (): Command =>
  new Command('schema')
    .description('print the JSON Schema of a configuration')
    .addHelpText('after', '\nExample:\n  grapes-hw schema > grapes.schema.json')
    .action(() => console.log(json(jsonSchema())));
