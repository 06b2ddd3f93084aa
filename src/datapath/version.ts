/**
 * The version of the numeric contract that dense networks follow. Version 2 passes over what has no error: a row without
 * one is not written, a layer without any is not updated and its stream stays.
 */
export const CONTRACT = 2;
