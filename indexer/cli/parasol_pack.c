/*
 * parasol-pack: an index in one file. `parasol pack` runs it.
 */
#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "indexer/cli/copy_verb.h"

static const pc_opt table[] = {
    PI_OPT_INDEX_LINE,
    PI_OPT_JSON_LINE,
    PI_OPT_QUIET_LINE,
    PI_OPT_HELP_LINE,
};

static const pi_verb verb = {
    "pack",
    "Usage: parasol pack [OPTIONS] FILE [INDEX]\n\n"
    "Writes the newest commit of an index to one file, to be handed on or "
    "kept. FILE\nis searched as it is: every verb that reads takes it for an "
    "index. It cannot be\nwritten to; 'parasol unpack' makes a directory of "
    "it again.\n\n"
    "The same commit gives the same bytes. FILE is verified and on the disk "
    "before it\ngets its name. A packed index of that name is replaced, "
    "anything else is not.\n",
    "\nExamples:\n"
    "  parasol pack policy.pack\n"
    "  parasol search -i policy.pack 'arms control'\n\n"
    "Exit status: 0 done; 2 usage, or FILE is something else; 4 there is no "
    "index, or\nFILE cannot be written; 5 the index is damaged; 6 its format "
    "is too old or too\nnew; 8 no memory or disk left; 130 interrupted.\n",
    table,
    PC_COUNTOF(table),
    false};

int main(int argc, char **argv)
{
    static char index[PC_PATH_BYTES];
    pi_verb_line line;
    int status = pi_verb_read(&verb, argc, argv, NULL, NULL, &line);
    if (status || line.done)
        return status;
    if (line.operand_count < 1)
        return pi_verb_refuse(&verb, "where to? Name a file");
    if (line.operand_count > 2 || (line.operand_count == 2 && line.index))
        return pi_verb_refuse(&verb, "one file of one index at a time");
    const char *given = line.operand_count == 2 ? line.operands[1] : line.index;
    status = pc_find_index(given, index);
    if (status)
        return status;
    return pi_copy_run(&verb, &line, parasol_index_pack, index,
                       line.operands[0], false);
}
