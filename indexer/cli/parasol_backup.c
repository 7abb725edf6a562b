/*
 * parasol-backup: a copy of an index. `parasol backup` runs it.
 */
#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "indexer/cli/copy_verb.h"

enum { OPT_LINK = PI_OPT_OWN };

static const pc_opt table[] = {
    PI_OPT_INDEX_LINE,
    {OPT_LINK, 0, "link", NULL,
     "give the files second names (hard links) instead of\n"
     "copying them: at once and without room, but what the\n"
     "disk loses is lost in both"},
    PI_OPT_JSON_LINE,
    PI_OPT_QUIET_LINE,
    PI_OPT_HELP_LINE,
};

static const pi_verb verb = {
    "backup",
    "Usage: parasol backup [OPTIONS] DEST [INDEX]\n\n"
    "Copies the newest commit of an index to the directory DEST, which must "
    "not\nexist or be empty. DEST is then an index like any other. Programs "
    "may search and\nwrite the index meanwhile: the copy is the state at one "
    "moment. Every checksum of\nthe copy is verified, and it is on the disk "
    "when the verb ends. A copy that was\nbroken off is no index.\n\n"
    "INDEX is the folder of an index, or a packed index.\n",
    "\nExamples:\n"
    "  parasol backup /mnt/backup/policy-2024-11-05\n"
    "  parasol backup --link /srv/yesterday /srv/docs/.parasol\n\n"
    "Exit status: 0 done; 2 usage, or DEST is not empty; 4 there is no index, "
    "or DEST\ncannot be written; 5 the index is damaged; 6 its format is too "
    "old or too new;\n8 no memory or disk left; 130 interrupted.\n",
    table,
    PC_COUNTOF(table),
    false};

static const char *take(void *settings, int id, const char *value)
{
    bool *link = settings;
    *link = id == OPT_LINK || value;
    return NULL;
}

int main(int argc, char **argv)
{
    static char index[PC_PATH_BYTES];
    bool link = false;
    pi_verb_line line;
    int status = pi_verb_read(&verb, argc, argv, take, &link, &line);
    if (status || line.done)
        return status;
    if (line.operand_count < 1)
        return pi_verb_refuse(&verb, "where to? Name a new directory");
    if (line.operand_count > 2 || (line.operand_count == 2 && line.index))
        return pi_verb_refuse(&verb, "one copy of one index at a time");
    const char *given = line.operand_count == 2 ? line.operands[1] : line.index;
    status = pc_find_index(given, index);
    if (status)
        return status;
    return pi_copy_run(&verb, &line, parasol_index_backup, index,
                       line.operands[0], link);
}
