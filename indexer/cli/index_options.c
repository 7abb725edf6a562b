/*
 * Options to settings.
 */
#include "indexer/cli/index_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/tool/exit.h"
#include "common/tool/opt.h"
#include "common/tool/say.h"

/* Smaller sizes cannot be kept to: the program itself, the buffers between its
   threads and the dictionary of a part of the index have to fit. */
#define MEMORY_LEAST ((uint64_t)32 << 20)

#define TITLE_WEIGHT_MAX 9
#define POLL_SECONDS 5.0
#define POLL_MOST 86400.0

enum {
    OPT_INDEX,
    OPT_JSONL,
    OPT_ID,
    OPT_FIELD,
    OPT_STRICT,
    OPT_LANGUAGE,
    OPT_NO_TEXT,
    OPT_MAX_FILE,
    OPT_GITIGNORE,
    OPT_NO_GITIGNORE,
    OPT_UPDATE,
    OPT_REBUILD,
    OPT_DRY_RUN,
    OPT_WATCH,
    OPT_POLL,
    OPT_WAIT,
    OPT_DURABILITY,
    OPT_JOBS,
    OPT_MEMORY,
    OPT_QUIET,
    OPT_VERBOSE,
    OPT_HELP
};

static const pc_opt table[] = {
    {OPT_INDEX, 'i', "index", "PATH",
     "where to write the index (default DIR/.parasol)"},
    {OPT_JSONL, 0, "jsonl", "FILE",
     "documents from FILE instead of a folder: one JSON\n"
     "object a line, also compressed (.gz, .zst); - is the\n"
     "standard input; may be given again"},
    {OPT_ID, 0, "id", "KEY",
     "member of the objects that is the id (default id)"},
    {OPT_FIELD, 0, "field", "KEY",
     "member that is searched; may be given again: title is\n"
     "the title, the others are the text, in that order\n"
     "(default title and text). title^N: each word of the\n"
     "title counts as N of the text, 1 to 9; the index keeps\n"
     "it"},
    {OPT_STRICT, 0, "strict", NULL,
     "stop at the first line that is no document"},
    {OPT_LANGUAGE, 'l', "lang", "NAME",
     "the language of all documents: de, german, french;\n"
     "none keeps words as they are; or, as by default, auto:\n"
     "each in its own, English where that is not clear, or\n"
     "another one with auto/de"},
    {OPT_LANGUAGE, 0, "language", "NAME", NULL},
    {OPT_NO_TEXT, 0, "no-text", NULL,
     "store no text: a smaller index, hits without snippets"},
    {OPT_MAX_FILE, 0, "max-file", "SIZE",
     "leave out larger files (default 64M, or as the index\n"
     "was made)"},
    {OPT_GITIGNORE, 0, "gitignore", NULL,
     "leave out what the files .gitignore below DIR say, too;\n"
     "the index remembers it"},
    {OPT_NO_GITIGNORE, 0, "no-gitignore", NULL, "not any more"},
    {OPT_UPDATE, 0, "update", NULL,
     "the lines of FILE change the index: a document takes\n"
     "the place of the one with its id, {\"id\":...,\n"
     "\"_delete\":true} removes one, the others stay"},
    {OPT_REBUILD, 0, "rebuild", NULL,
     "read all files of DIR again and make the index anew"},
    {OPT_DRY_RUN, 0, "dry-run", NULL,
     "print what would change in the index of DIR (+ added,\n"
     "~ changed, - removed, > renamed); write nothing"},
    {OPT_WATCH, 0, "watch", NULL,
     "stay, and update the index of DIR whenever something\n"
     "in it changes, until Ctrl-C"},
    {OPT_POLL, 0, "poll", "[=SECONDS]",
     "with --watch, do not let the system tell of changes\n"
     "but look at all files so often (default 5), as network\n"
     "file systems need it"},
    {OPT_WAIT, 0, "wait", "[=SECONDS]",
     "if another program is writing the index, wait until it\n"
     "is done, or so long at most"},
    {OPT_DURABILITY, 0, "durability", "HOW",
     "full: when the program ends, the index is on the disk\n"
     "(default); fast: it may not be yet, and a power cut soon\n"
     "afterwards may leave it damaged, to be made again"},
    {OPT_JOBS, 'j', "jobs", "N",
     "threads (default one for each processor); the index\n"
     "does not depend on it"},
    {OPT_MEMORY, 0, "memory", "SIZE",
     "memory to use, at least 32M; the rest goes through\n"
     "temporary files (default a quarter of the RAM, at most\n"
     "1G)"},
    {OPT_QUIET, 'q', "quiet", NULL, "print errors only"},
    {OPT_VERBOSE, 'v', "verbose", NULL,
     "print each file that is not searchable, and why"},
    {OPT_HELP, 'h', "help", NULL, "print this text"},
};

static void usage(FILE *out)
{
    fputs(
        "Usage: parasol index [OPTIONS] DIR...\n"
        "       parasol index [OPTIONS] --index PATH --jsonl FILE\n\n"
        "Makes the documents in the folder DIR searchable: text, Markdown, "
        "HTML and\nsource code, in all folders below. Symbolic links are "
        "not followed; folders\nnamed .git are left out, and what files "
        ".parasolignore say, which are written\nlike .gitignore (parasol "
        "check-ignore -v PATH tells why). Of several folders, which\nneed "
        "--index, each path begins with its folder.\n\n"
        "Reads DIR or FILE. Writes DIR/.parasol, or the folder --index "
        "names, and nothing\nelse. Where DIR has an index, only files that "
        "have changed are read, and what is\ngone is removed from it: "
        "+12 ~3 -1 =480, 2 renamed. One that is of another language\nor "
        "version is made anew. Lines of FILE replace the whole index, unless "
        "--update is\ngiven. Until all is done, and when interrupted, the "
        "index stays as it was.\n\nOptions (SIZE is in bytes, or ends in K, M or G):\n",
        out);
    pc_opts_usage(table, PC_COUNTOF(table), out);
    fputs(
        "\nExamples:\n"
        "  parasol index ~/documents\n"
        "  parasol index --index /tmp/doc.parasol /usr/share/doc\n"
        "  parasol index -v --lang german berichte\n"
        "  parasol index --watch ~/documents\n"
        "  zcat news.gz | parasol index -i news.parasol --jsonl - "
        "--field headline\n\n"
        "Exit status: 0 all documents are searchable; 3 some files or lines "
        "could not be\nread or decoded; 2 usage; 4 DIR or FILE is missing or "
        "cannot be read; 6 a newer\nversion made the index; 7 another program is "
        "writing it; 8 no memory or disk\nleft, or the index cannot be "
        "written; 130 interrupted.\n",
        out);
}

int pi_index_usage_error(const char *message)
{
    fputs("parasol index: ", stderr);
    (void)pc_say_text(stderr, message, strlen(message));
    fputs("\nTry: parasol index --help\n", stderr);
    return PC_EXIT_USAGE;
}

static bool reject(pc_opts *o, int i, const char *why)
{
    (void)pc_opts_reject(o, i, why);
    return false;
}

/* "title^N": takes the weight off. False: there is a wrong one. */
static bool take_weight(pi_index_settings *s, pc_opts *o, int i)
{
    const char *mark = strchr(o->value, '^');
    uint64_t weight;
    if (!mark)
        return true;
    if (mark - o->value != 5 || memcmp(o->value, "title", 5) != 0)
        return reject(o, i,
                      "only the title can have a weight: title^2 and text, not "
                      "text^2");
    if (!pc_opt_uint(mark + 1, TITLE_WEIGHT_MAX, &weight) || weight == 0)
        return reject(o, i, "the weight of the title is a number from 1 to 9");
    s->title_weight = (unsigned)weight;
    o->value = "title";
    return true;
}

static bool take_field(pi_index_settings *s, pc_opts *o, int i)
{
    if (!take_weight(s, o, i))
        return false;
    if (o->value[0] == 0)
        return reject(o, i, "the name is empty");
    if (strcmp(o->value, "title") == 0) {
        s->title = o->value;
        return true;
    }
    if (s->n_fields == PI_FIELDS_MAX)
        return reject(o, i, "there are too many fields");
    s->fields[s->n_fields++] = o->value;
    return true;
}

static bool take_input(pi_index_settings *s, const char *input)
{
    if (s->n_inputs == PI_INPUTS_MAX)
        return false;
    s->inputs[s->n_inputs++] = input;
    return true;
}

static bool take_number(pi_index_settings *s, pc_opts *o, int i)
{
    uint64_t jobs = 0;
    switch (table[i].id) {
    case OPT_MAX_FILE:
        return pc_opt_size(o->value, &s->max_file) ||
               reject(o, i, "not a size such as 500K, 64M or 2G");
    case OPT_MEMORY:
        if (!pc_opt_size(o->value, &s->memory))
            return reject(o, i, "not a size such as 500K, 64M or 2G");
        return s->memory >= MEMORY_LEAST ||
               reject(o, i, "at least 32M are needed");
    case OPT_JOBS:
        if (!pc_opt_uint(o->value, 1024, &jobs) || jobs == 0)
            return reject(o, i, "give a number from 1 to 1024");
        s->jobs = (unsigned)jobs;
        break;
    default: break;
    }
    return true;
}

static bool take_poll(pi_index_settings *s, pc_opts *o, int i)
{
    double seconds = POLL_SECONDS;
    if (o->value && (!pc_opt_real(o->value, &seconds) || seconds < 0.01 ||
                     seconds > POLL_MOST))
        return reject(o, i, "give seconds from 0.01 to 86400");
    s->poll_ms = (unsigned)(seconds * 1000);
    return true;
}

static bool take_option(pi_index_settings *s, pc_opts *o, int i)
{
    switch (table[i].id) {
    case OPT_INDEX: s->index = o->value; break;
    case OPT_JSONL:
        s->jsonl = true;
        return take_input(s, o->value) || reject(o, i, "too many files");
    case OPT_ID: s->id = o->value; break;
    case OPT_FIELD: return take_field(s, o, i);
    case OPT_STRICT: s->strict = true; break;
    case OPT_UPDATE: s->update = true; break;
    case OPT_REBUILD: s->rebuild = true; break;
    case OPT_DRY_RUN: s->dry_run = true; break;
    case OPT_WAIT:
        return pi_wait_read(&s->wait, o->value) ||
               reject(o, i, "not a number of seconds");
    case OPT_DURABILITY:
        s->fast = strcmp(o->value, "fast") == 0;
        return s->fast || strcmp(o->value, "full") == 0 ||
               reject(o, i, "not full or fast");
    case OPT_LANGUAGE: s->language = o->value; break;
    case OPT_NO_TEXT: s->no_text = true; break;
    case OPT_WATCH: s->watch = true; break;
    case OPT_POLL: return take_poll(s, o, i);
    case OPT_GITIGNORE: s->gitignore = 1; break;
    case OPT_NO_GITIGNORE: s->gitignore = -1; break;
    case OPT_QUIET: s->quiet = true; break;
    case OPT_VERBOSE: s->verbose = true; break;
    default: return take_number(s, o, i);
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* Operands to inputs; the order in which they were given does not matter. */
static int take_operands(pi_index_settings *s, const pc_opts *o)
{
    if (s->jsonl && o->operand_count > 0)
        return pi_index_usage_error("a folder and --jsonl do not go together");
    for (int i = 0; i < o->operand_count; i++) {
        if (o->operands[i][0] == 0)
            return pi_index_usage_error("the name of the folder is empty");
        size_t n = strlen(o->operands[i]);
        while (n > 1 && o->operands[i][n - 1] == '/')
            o->operands[i][--n] = 0;
        if (!take_input(s, o->operands[i]))
            return pi_index_usage_error("too many folders at a time");
    }
    if (s->n_inputs == 0)
        return pi_index_usage_error("which folder is to be indexed?");
    qsort(s->inputs, (size_t)s->n_inputs, sizeof s->inputs[0], by_name);
    for (int i = 1; i < s->n_inputs; i++) {
        if (strcmp(s->inputs[i - 1], s->inputs[i]) == 0)
            return pi_index_usage_error("one input was given twice");
    }
    if (s->jsonl && (s->gitignore || s->watch))
        return pi_index_usage_error("--gitignore and --watch go with folders");
    if (s->poll_ms > 0 && !s->watch)
        return pi_index_usage_error("--poll goes with --watch");
    if (s->watch && s->dry_run)
        return pi_index_usage_error("--watch and --dry-run exclude each other");
    if (!s->jsonl && (s->id || s->title || s->n_fields > 0 || s->strict))
        return pi_index_usage_error(
            "--id, --field and --strict go with --jsonl");
    if (s->jsonl && (s->dry_run || s->rebuild))
        return pi_index_usage_error("--dry-run and --rebuild go with a folder");
    if (!s->jsonl && s->update)
        return pi_index_usage_error(
            "--update goes with --jsonl: a folder's index is always updated");
    if (!s->index && (s->jsonl || s->n_inputs > 1))
        return pi_index_usage_error("where is the index to be? Give --index");
    return PC_EXIT_OK;
}

int pi_index_settings_read(pi_index_settings *s, int argc, char **argv,
                           bool *done)
{
    pc_opts o;
    int i;
    *s = (pi_index_settings){0};
    pc_opts_init(&o, table, PC_COUNTOF(table), argc, argv);
    while ((i = pc_opts_next(&o)) != PC_OPTS_END) {
        if (i == PC_OPTS_ERROR || !take_option(s, &o, i))
            return pi_index_usage_error(o.message);
        if (table[i].id == OPT_HELP) {
            usage(stdout);
            *done = true;
            return fflush(stdout) ? PC_EXIT_RESOURCE : PC_EXIT_OK;
        }
    }
    return take_operands(s, &o);
}
