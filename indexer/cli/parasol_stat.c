/*
 * parasol-stat: what an index consists of. `parasol stat` runs it.
 */
#include <parasol/upkeep.h>

#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "indexer/cli/stat_report.h"
#include "indexer/cli/verb.h"

enum { OPT_TOP = PI_OPT_OWN };

static const pc_opt table[] = {
    PI_OPT_INDEX_LINE,
    {OPT_TOP, 'n', "top", "N",
     "words and documents to list (default 10, at most\n10000; 0: none)"},
    PI_OPT_JSON_LINE,
    PI_OPT_HELP_LINE,
};

static const pi_verb verb = {
    "stat",
    "Usage: parasol stat [OPTIONS] [INDEX]\n\n"
    "Shows what an index consists of: its bytes by section (docs/format.md "
    "says what\nthey are), what a posting and a position take in each field, "
    "the words in most\ndocuments and with most occurrences, as stems, and the "
    "largest documents. Dead\ndocuments count until a merge drops them. Page "
    "sums are the checksums of all files,\nframes their headers, tables and "
    "padding.\n",
    "\nExamples:\n"
    "  parasol stat -n 3\n"
    "  parasol stat --json policy.pack\n\n"
    "Exit status: 0 shown; 2 usage; 4 there is no index; 5 it is damaged; "
    "6 its format\nis too old or too new; 8 no memory, or the output cannot "
    "be written.\n",
    table,
    PC_COUNTOF(table),
    false};

static const char *take(void *user, int id, const char *value)
{
    parasol_stat_options *o = user;
    uint64_t top;
    if (id != OPT_TOP || !pc_opt_uint(value, 10000, &top))
        return "not a number up to 10000";
    o->top = (unsigned)top;
    return NULL;
}

int main(int argc, char **argv)
{
    static char index[PC_PATH_BYTES];
    parasol_stat_options o = PARASOL_STAT_OPTIONS_INIT;
    pi_verb_line line;
    parasol_stat *s = NULL;
    parasol_error err = {0};
    int status = pi_verb_read(&verb, argc, argv, take, &o, &line);
    if (!status && !line.done)
        status = pi_verb_index(&verb, &line, index);
    if (status || line.done)
        return status;
    int rc = parasol_stat_open(&s, index, &o, &err);
    if (rc)
        return pi_verb_fail(&verb, rc, &err);
    if (line.json)
        pi_stat_json(s, index);
    else
        pi_stat_text(s);
    parasol_stat_close(s);
    return pi_verb_finish(&verb);
}
