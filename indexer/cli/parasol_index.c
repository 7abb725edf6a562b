/*
 * parasol-index: from the command line to the library. `parasol index` runs
 * it. Sees the public headers and common/tool only.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <parasol/indexer.h>

#include "common/tool/exit.h"
#include "common/tool/opt.h"
#include "common/tool/say.h"
#include "indexer/cli/index_report.h"

#define EXIT_INTERRUPTED 130
#define PATH_BYTES 4096

enum {
    OPT_INDEX,
    OPT_LANGUAGE,
    OPT_NO_TEXT,
    OPT_MAX_FILE,
    OPT_MEMORY,
    OPT_QUIET,
    OPT_VERBOSE,
    OPT_HELP
};

static const pc_opt table[] = {
    {OPT_INDEX, 'i', "index", "PATH",
     "where to write the index (default DIR/.parasol)"},
    {OPT_LANGUAGE, 'l', "language", "NAME",
     "language of the word stems, such as english, german,\n"
     "french; none keeps words as they are (default english)"},
    {OPT_NO_TEXT, 0, "no-text", NULL,
     "store no text: a smaller index, hits without snippets"},
    {OPT_MAX_FILE, 0, "max-file", "SIZE",
     "leave out larger files (default 64M)"},
    {OPT_MEMORY, 0, "memory", "SIZE",
     "memory to use before a part of the index is written\n"
     "(default a quarter of the RAM, at most 1G)"},
    {OPT_QUIET, 'q', "quiet", NULL, "print errors only"},
    {OPT_VERBOSE, 'v', "verbose", NULL,
     "print each file that is not searchable, and why"},
    {OPT_HELP, 'h', "help", NULL, "print this text"},
};

typedef struct settings {
    const char *dir;
    const char *index;
    const char *language;
    uint64_t max_file;
    uint64_t memory;
    bool no_text;
    bool quiet;
    bool verbose;
} settings;

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

static void usage(FILE *out)
{
    fputs("Usage: parasol index [OPTIONS] DIR\n\n"
          "Makes the documents in the folder DIR searchable: text, Markdown, "
          "HTML and\nsource code, in all folders below. Symbolic links are "
          "not followed; folders\nnamed .git are left out.\n\n"
          "Reads DIR. Writes DIR/.parasol, or the folder --index names, and "
          "nothing else.\nAn index that is there is replaced when all is "
          "done; until then it stays as it\nwas.\n\nOptions (SIZE is in "
          "bytes, or ends in K, M or G):\n",
          out);
    pc_opts_usage(table, PC_COUNTOF(table), out);
    fputs("\nExamples:\n"
          "  parasol index ~/documents\n"
          "  parasol index --index /tmp/doc.parasol /usr/share/doc\n"
          "  parasol index -v --language german berichte\n\n"
          "Exit status: 0 all documents are searchable; 3 some files could "
          "not be read\nor decoded; 2 usage; 4 DIR is missing or cannot be "
          "read; 7 another program is\nwriting the index; 8 no memory or "
          "disk left; 130 interrupted.\n",
          out);
}

/* A number of bytes, with K, M or G behind it or not; never 0. */
static bool read_size(const char *s, uint64_t *out)
{
    char digits[24];
    size_t n = strlen(s);
    unsigned shift = 0;
    if (n == 0 || n >= sizeof digits)
        return false;
    memcpy(digits, s, n + 1);
    switch (digits[n - 1]) {
    case 'K':
    case 'k': shift = 10; break;
    case 'M':
    case 'm': shift = 20; break;
    case 'G':
    case 'g': shift = 30; break;
    default: break;
    }
    if (shift > 0)
        digits[n - 1] = 0;
    if (!pc_opt_uint(digits, (uint64_t)INT64_MAX >> shift, out))
        return false;
    *out <<= shift;
    return *out > 0;
}

static bool take_option(settings *s, pc_opts *o, int i)
{
    const char *wrong = "not a size such as 500K, 64M or 2G";
    switch (table[i].id) {
    case OPT_INDEX: s->index = o->value; break;
    case OPT_LANGUAGE: s->language = o->value; break;
    case OPT_NO_TEXT: s->no_text = true; break;
    case OPT_QUIET: s->quiet = true; break;
    case OPT_VERBOSE: s->verbose = true; break;
    case OPT_MAX_FILE:
        if (!read_size(o->value, &s->max_file)) {
            (void)pc_opts_reject(o, i, wrong);
            return false;
        }
        break;
    case OPT_MEMORY:
        if (!read_size(o->value, &s->memory)) {
            (void)pc_opts_reject(o, i, wrong);
            return false;
        }
        break;
    default: break;
    }
    return true;
}

static int usage_error(const char *message)
{
    fputs("parasol index: ", stderr);
    (void)pc_say_text(stderr, message, strlen(message));
    fputs("\nTry: parasol index --help\n", stderr);
    return PC_EXIT_USAGE;
}

/* PC_EXIT_OK, or the status to end with; *done when nothing is left to do. */
static int read_command_line(settings *s, int argc, char **argv, bool *done)
{
    pc_opts o;
    int i;
    pc_opts_init(&o, table, PC_COUNTOF(table), argc, argv);
    while ((i = pc_opts_next(&o)) != PC_OPTS_END) {
        if (i == PC_OPTS_ERROR || !take_option(s, &o, i))
            return usage_error(o.message);
        if (table[i].id == OPT_HELP) {
            usage(stdout);
            *done = true;
            return fflush(stdout) ? PC_EXIT_RESOURCE : PC_EXIT_OK;
        }
    }
    if (o.operand_count == 0)
        return usage_error("which folder is to be indexed?");
    if (o.operand_count > 1)
        return usage_error("one folder at a time");
    s->dir = o.operands[0];
    if (s->dir[0] == 0)
        return usage_error("the name of the folder is empty");
    return PC_EXIT_OK;
}

static void say_error(const char *message)
{
    fputs("parasol index: ", stderr);
    (void)pc_say_text(stderr, message, strlen(message));
    fputc('\n', stderr);
}

/* The folder first, so that a wrong name is not reported as a missing place
   for the index. */
static bool can_read_folder(const char *dir)
{
    DIR *d = opendir(dir);
    if (d) {
        (void)closedir(d);
        return true;
    }
    char text[128] = "unknown error";
    int why = errno;
    (void)strerror_r(why, text, sizeof text);
    fputs("parasol index: cannot read the folder ", stderr);
    (void)pc_say_text(stderr, dir, strlen(dir));
    fprintf(stderr, ": %s\n", text);
    if (why == ENOTDIR)
        fputs("Give the folder that holds the file.\n", stderr);
    return false;
}

/* DIR/.parasol, into `out`; false when that is too long. */
static bool default_index(char out[PATH_BYTES], const char *dir)
{
    size_t n = strlen(dir);
    const char *slash = dir[n - 1] == '/' ? "" : "/";
    int got = snprintf(out, PATH_BYTES, "%s%s.parasol", dir, slash);
    return got > 0 && got < PATH_BYTES;
}

static int on_progress(const parasol_progress *p, void *user)
{
    pi_index_report_file(user, p);
    return interrupted != 0;
}

/* The exit status for a failure of the library while writing. */
static int exit_of_failure(int rc)
{
    /* The folder could be read: what fails now is the place of the index. */
    return rc == PARASOL_IO ? PC_EXIT_RESOURCE : pc_exit_of(rc);
}

static int failed(pi_index_report *report, int rc, const parasol_error *err)
{
    pi_index_report_clear(report);
    say_error(err->message[0] ? err->message : parasol_status_str(rc));
    if (rc == PARASOL_NOMEM)
        fputs("Try --memory with a smaller size.\n", stderr);
    if (rc == PARASOL_LOCKED)
        fputs("Wait until it is done, or choose another --index.\n", stderr);
    return exit_of_failure(rc);
}

static int run(const settings *s, const char *index)
{
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    parasol_indexer_options io = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_tree_options to = PARASOL_TREE_OPTIONS_INIT;
    parasol_commit_info info = PARASOL_COMMIT_INFO_INIT;
    static pi_index_report report; /* large for a stack */
    pi_index_report_init(&report, s->quiet, s->verbose);
    io.language = s->language;
    io.memory = s->memory;
    io.store_text = !s->no_text;
    to.max_file_bytes = s->max_file;
    to.progress = on_progress;
    to.user = &report;
    int rc = parasol_indexer_open(&w, index, &io, &err);
    if (!rc)
        rc = parasol_indexer_add_tree(w, s->dir, &to, &report.summary, &err);
    if (!rc && interrupted == 0)
        rc = parasol_indexer_commit(w, &info, &err);
    else if (interrupted != 0)
        rc = PARASOL_ARG;
    parasol_indexer_close(w);
    if (interrupted != 0 && rc == PARASOL_ARG) {
        pi_index_report_clear(&report);
        fputs("parasol index: interrupted; the index is as it was before\n",
              stderr);
        return EXIT_INTERRUPTED;
    }
    if (rc)
        return failed(&report, rc, &err);
    pi_index_report_end(&report, s->dir, index, &info);
    return pi_index_report_is_complete(&report) ? PC_EXIT_OK
                                                : PC_EXIT_INCOMPLETE;
}

int main(int argc, char **argv)
{
    settings s = {0};
    bool done = false;
    static char path[PATH_BYTES];
    int status = read_command_line(&s, argc, argv, &done);
    if (status || done)
        return status;
    struct sigaction act = {0};
    act.sa_handler = on_interrupt;
    (void)sigemptyset(&act.sa_mask);
    /* Once only: a second Ctrl-C ends the program on the spot. */
    act.sa_flags = (int)SA_RESETHAND;
    (void)sigaction(SIGINT, &act, NULL);
    (void)sigaction(SIGTERM, &act, NULL);
    if (!can_read_folder(s.dir))
        return PC_EXIT_NOINDEX;
    if (!s.index) {
        if (!default_index(path, s.dir))
            return usage_error("the name of the folder is too long");
        s.index = path;
    }
    return run(&s, s.index);
}
