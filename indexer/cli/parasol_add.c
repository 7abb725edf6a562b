/*
 * parasol-add: single files into an index that is there. `parasol add` runs
 * it.
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
    "add",
    "Usage: parasol add [OPTIONS] PATH...\n\n"
    "Brings files, and all files in folders, up to date in an index that "
    "'parasol index'\nmade of a folder above them: what is new is added, what "
    "has changed is indexed\nagain, and what is not there any more is removed. "
    "Other files are not looked at.\nWhat the rules of .parasolignore leave "
    "out is left out here, too.\n",
    "\nExamples:\n"
    "  parasol add notes/today.md\n"
    "  parasol add --index ~/docs/.parasol ~/docs/2026\n\n"
    "Exit status: 0 done; 2 usage, or a path that is not below the folder of "
    "the index;\n3 a file is not searchable or left out; 4 there is no index; "
    "5 it is damaged; 6 its\nformat is too old or too new; 7 another program "
    "is writing it; 8 no memory or disk\nleft, or the index cannot be written.\n",
    table,
    PC_COUNTOF(table),
    false};

static int on_file(const parasol_progress *p, void *user)
{
    const pi_change_verb *c = user;
    if (p->skip == PARASOL_SKIP_NONE || c->line.quiet)
        return 0;
    (void)pc_say_text(stderr, p->path, strlen(p->path));
    fprintf(stderr, " %s\n", parasol_skip_str(p->skip));
    return 0;
}

static int add(pi_change_verb *c, const pi_place *at, parasol_tree_summary *sum,
               parasol_error *err)
{
    parasol_tree_options o = PARASOL_TREE_OPTIONS_INIT;
    o.prefix = at->prefix[0] ? at->prefix : NULL;
    o.progress = on_file;
    o.user = c;
    return parasol_indexer_add_path(c->w, at->dir, at->path, &o, sum, err);
}

int main(int argc, char **argv)
{
    static pi_change_verb c;
    static pi_place at;
    parasol_error err = {0};
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    int rc = PARASOL_OK;
    int status = pi_change_open(&c, &verb, argc, argv);
    if (status || c.line.done)
        return status;
    for (int i = 0; !rc && i < c.line.operand_count; i++) {
        const char *path = c.line.operands[i];
        if (!pi_change_find(&c, path, &at)) {
            parasol_indexer_close(c.w);
            fputs("parasol add: ", stderr);
            (void)pc_say_text(stderr, path, strlen(path));
            fputs(" is not below a folder that the index was made of; nothing "
                  "was changed\n",
                  stderr);
            return PC_EXIT_USAGE;
        }
        rc = add(&c, &at, &sum, &err);
    }
    uint64_t left_out = sum.ignored_files + sum.ignored_folders;
    for (int i = 0; i < PARASOL_SKIP_COUNT; i++)
        left_out += sum.skipped[i];
    if (sum.ignored_files + sum.ignored_folders > 0 && !c.line.quiet)
        fputs("some are left out by rules: parasol check-ignore -v tells "
              "which\n",
              stderr);
    return pi_change_close(&c, rc, &err,
                           left_out > 0 ? PC_EXIT_INCOMPLETE : PC_EXIT_OK);
}
