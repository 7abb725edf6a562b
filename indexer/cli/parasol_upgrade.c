/*
 * parasol-upgrade: brings an index up to date. `parasol upgrade` runs it.
 */
#include "indexer/cli/repair_verb.h"

static const pc_opt table[] = {PI_REPAIR_OPTION_LINES};

static const pi_verb verb = {
    "upgrade",
    "Usage: parasol upgrade [OPTIONS] [INDEX [DIR]]\n\n"
    "Makes an index that an older version of parasol wrote, or one whose words "
    "were\nanalysed by other rules, as if this version had made it: from the "
    "text in the\nindex or, where that was not stored, from the files below "
    "DIR. If a document can\nbe made of neither, nothing is changed.\n\n"
    "INDEX is the folder of an index; without it, that of PARASOL_INDEX, else "
    "the\nnearest .parasol, looked for upwards.\n",
    "\nExamples:\n"
    "  parasol upgrade\n"
    "  parasol upgrade --dry-run /srv/docs/.parasol\n\n"
    "Exit status: 0 done, or nothing was to be done; 2 usage; 4 there is no "
    "index, or\ndocuments without text or file; 5 the index is damaged; 6 its "
    "format is too old\nor too new; 7 another program is writing it; 8 no "
    "memory or disk left, or\nthe index cannot be written; 130 interrupted.\n",
    table,
    PC_COUNTOF(table),
    true};

int main(int argc, char **argv)
{
    return pi_repair_main(&verb, parasol_upgrade,
                          "the index is up to date: nothing to do", argc, argv);
}
