/*
 * parasol-unpack: a directory from a packed index. `parasol unpack` runs it.
 */
#include <sys/stat.h>

#include "common/tool/exit.h"
#include "indexer/cli/copy_verb.h"

static const pc_opt table[] = {
    PI_OPT_JSON_LINE,
    PI_OPT_QUIET_LINE,
    PI_OPT_HELP_LINE,
};

static const pi_verb verb = {
    "unpack",
    "Usage: parasol unpack [OPTIONS] FILE DIR\n\n"
    "Makes a packed index, as 'parasol pack' writes it, a directory again, "
    "which can\nbe searched and written to. DIR must not exist or be empty. It "
    "holds the files\nthat were packed, byte by byte; all their checksums are "
    "verified.\n",
    "\nExample:\n"
    "  parasol unpack policy.pack policy/.parasol\n\n"
    "Exit status: 0 done; 2 usage, or DIR is not empty; 4 there is no FILE, "
    "or DIR\ncannot be written; 5 FILE is damaged; 6 its format is too old or "
    "too new; 8 no\nmemory or disk left; 130 interrupted.\n",
    table,
    PC_COUNTOF(table),
    false};

int main(int argc, char **argv)
{
    struct stat st;
    pi_verb_line line;
    int status = pi_verb_read(&verb, argc, argv, NULL, NULL, &line);
    if (status || line.done)
        return status;
    if (line.operand_count != 2)
        return pi_verb_refuse(&verb, "name a packed index and a directory");
    if (stat(line.operands[0], &st) == 0 && S_ISDIR(st.st_mode))
        return pi_verb_refuse(&verb, "this is a directory, not a packed index; "
                                     "parasol backup copies one");
    return pi_copy_run(&verb, &line, parasol_index_backup, line.operands[0],
                       line.operands[1], false);
}
