/*
 * parasol-repair: mends a damaged index. `parasol repair` runs it.
 */
#include "indexer/cli/repair_verb.h"

static const pc_opt table[] = {PI_REPAIR_OPTION_LINES};

static const pi_verb verb = {
    "repair",
    "Usage: parasol repair [OPTIONS] [INDEX [DIR]]\n\n"
    "Checks an index as parasol check --deep does, and makes again what is "
    "damaged, and\nnothing else: documents are indexed again from their text "
    "in the index or, where\nthat is damaged or was not stored, from their "
    "files below DIR. What cannot be\nmade again is lost, and listed. The "
    "damaged files are removed only when the\nmended index is complete and "
    "durable.\n\n"
    "INDEX is the folder of an index; without it, that of PARASOL_INDEX, else "
    "the\nnearest .parasol, looked for upwards.\n",
    "\nExamples:\n"
    "  parasol repair --dry-run\n"
    "  parasol repair policy/.parasol policy\n\n"
    "Exit status: 0 done, or nothing was to be done; 3 done, and documents "
    "are lost;\n2 usage; 4 there is no index; 5 it cannot be mended; 6 its "
    "format is too old or\ntoo new; 7 another program is writing it; 8 no "
    "memory or disk left, or\nthe index cannot be written; 130 interrupted.\n",
    table,
    PC_COUNTOF(table),
    true};

int main(int argc, char **argv)
{
    return pi_repair_main(&verb, parasol_repair,
                          "the index is sound: nothing to do", argc, argv);
}
