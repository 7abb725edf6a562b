/*
 * parasol-remove: single documents out of an index. `parasol remove` runs it.
 */
#include <string.h>

#include "common/tool/exit.h"
#include "common/tool/say.h"
#include "indexer/cli/change_verb.h"

static const pc_opt table[] = {
    PI_OPT_INDEX_LINE,
    PI_OPT_WAIT_LINE,
    PI_OPT_QUIET_LINE,
    PI_OPT_HELP_LINE,
};

static const pi_verb verb = {
    "remove",
    "Usage: parasol remove [OPTIONS] PATH...\n\n"
    "Takes documents out of an index: PATH is the path or id that a search "
    "shows, or\nthat of the file. The files themselves stay, and the next "
    "'parasol index' of their\nfolder adds them again, unless a .parasolignore "
    "leaves them out.\n",
    "\nExamples:\n"
    "  parasol remove notes/draft.md\n"
    "  parasol remove --index news.parasol https://example.org/1\n\n"
    "Exit status: 0 done; 1 a document is not in the index; 2 usage; 4 there "
    "is no index;\n5 it is damaged; 6 its format is too old or too new; 7 "
    "another program is writing\nit; 8 no memory or disk left, or the index "
    "cannot be written.\n",
    table,
    PC_COUNTOF(table),
    false};

/* As the index may call it: by the operand itself, or as a file. */
static int remove_one(pi_change_verb *c, const char *path, int *found,
                      parasol_error *err)
{
    static pi_place at;
    static char id[2 * PC_PATH_BYTES];
    int rc = parasol_indexer_remove(c->w, path, found, err);
    if (rc || *found || !pi_change_find(c, path, &at))
        return rc;
    (void)snprintf(id, sizeof id, "%s%s%s", at.prefix, at.prefix[0] ? "/" : "",
                   at.path);
    return parasol_indexer_remove(c->w, id, found, err);
}

int main(int argc, char **argv)
{
    static pi_change_verb c;
    parasol_error err = {0};
    int rc = PARASOL_OK, missing = 0;
    int status = pi_change_open(&c, &verb, argc, argv);
    if (status || c.line.done)
        return status;
    for (int i = 0; !rc && i < c.line.operand_count; i++) {
        const char *path = c.line.operands[i];
        int found = 0;
        rc = remove_one(&c, path, &found, &err);
        if (rc || found)
            continue;
        missing++;
        fputs("parasol remove: no document ", stderr);
        (void)pc_say_text(stderr, path, strlen(path));
        fputs(" is in the index\n", stderr);
    }
    return pi_change_close(&c, rc, &err, missing ? PC_EXIT_NONE : PC_EXIT_OK);
}
