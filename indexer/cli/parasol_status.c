/*
 * parasol-status: how an index is. `parasol status` runs it.
 */
#include <parasol/upkeep.h>

#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "indexer/cli/status_report.h"
#include "indexer/cli/verb.h"

enum {
    OPT_PROBLEMS = PI_OPT_OWN,
    OPT_CHANGES,
    OPT_FAST,
    OPT_GITIGNORE,
    OPT_MAX_FILE
};

static const pc_opt table[] = {
    PI_OPT_INDEX_LINE,
    {OPT_PROBLEMS, 'p', "problems", NULL,
     "list the files that are not searchable, by reason"},
    {OPT_CHANGES, 'c', "changes", NULL,
     "list what is not as it was when it was indexed"},
    {OPT_FAST, 0, "fast", NULL,
     "do not look at the folder: whether the index is up to\n"
     "date stays open"},
    {OPT_GITIGNORE, 0, "gitignore", NULL,
     "compare as with this option of parasol index, and with\n"
     "the next one (default as when the index was made)"},
    {OPT_MAX_FILE, 0, "max-file", "SIZE", "see there"},
    PI_OPT_JSON_LINE,
    {PI_OPT_QUIET, 'q', "quiet", NULL,
     "print errors only; the exit status tells whether the\n"
     "index is up to date"},
    PI_OPT_HELP_LINE,
};

static const pi_verb verb = {
    "status",
    "Usage: parasol status [OPTIONS] [INDEX]\n\n"
    "Shows how an index is: whether the folder it was made of has changed "
    "since, which\nfiles are not searchable and why, how much of it belongs to "
    "documents that were\ndeleted, its size, and who is writing it. A lock "
    "cannot be left over: it ends with\nits process. Files that an interrupted "
    "writer left are told; the next one removes\nthem.\n\n"
    "Files whose size or times differ are read, so that only changes of content "
    "count.\nNothing is written.\n",
    "\nExamples:\n"
    "  parasol status --problems\n"
    "  parasol status -q || parasol index ~/policy\n\n"
    "Exit status: 0 shown, with -q: it is up to date; 1 with -q: it is not, "
    "or that\ncannot be known; 2 usage; 4 there is no index; 5 it is damaged; "
    "6 its format is\ntoo old or too new; 8 no memory, or the output cannot "
    "be written.\n",
    table,
    PC_COUNTOF(table),
    false};

typedef struct settings {
    parasol_status_options o;
    bool problems, changes;
} settings;

static const char *take(void *user, int id, const char *value)
{
    settings *s = user;
    switch (id) {
    case OPT_PROBLEMS: s->problems = true; break;
    case OPT_CHANGES: s->changes = true; break;
    case OPT_FAST: s->o.compare = 0; break;
    case OPT_GITIGNORE: s->o.gitignore = 1; break;
    case OPT_MAX_FILE:
        if (!pc_opt_size(value, &s->o.max_file_bytes))
            return "not a size such as 500K, 64M or 2G";
        break;
    default: break;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static char index[PC_PATH_BYTES];
    settings s = {.o = PARASOL_STATUS_OPTIONS_INIT};
    parasol_status_info info = {.struct_size = sizeof info};
    pi_status_report report;
    parasol_error err = {0};
    pi_verb_line line;
    int status = pi_verb_read(&verb, argc, argv, take, &s, &line);
    if (!status && !line.done)
        status = pi_verb_index(&verb, &line, index);
    if (status || line.done)
        return status;
    report = (pi_status_report){index, line.json, s.problems, 0};
    if (s.changes && !line.quiet) {
        s.o.changed = pi_status_change;
        s.o.user = &report;
    }
    int rc = parasol_index_status(index, &s.o, &info, &err);
    if (!rc && !line.quiet)
        rc = pi_status_end(&report, &info, &err);
    if (rc)
        return pi_verb_fail(&verb, rc, &err);
    status = pi_verb_finish(&verb);
    return !status && line.quiet && info.fresh != PARASOL_FRESH ? PC_EXIT_NONE
                                                                : status;
}
