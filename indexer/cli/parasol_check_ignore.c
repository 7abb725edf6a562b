/*
 * parasol-check-ignore: which paths `parasol index` leaves out, and by which
 * rule. `parasol check-ignore` runs it. The options and the output are those
 * of `git check-ignore`.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <parasol/ignore.h>

#include "common/tool/exit.h"
#include "common/tool/opt.h"
#include "common/tool/say.h"

#define PATH_BYTES 4096
#define VERB "check-ignore"

enum {
    OPT_VERBOSE,
    OPT_NON_MATCHING,
    OPT_QUIET,
    OPT_STDIN,
    OPT_ZERO,
    OPT_GITIGNORE,
    OPT_ROOT,
    OPT_HELP
};

static const pc_opt table[] = {
    {OPT_VERBOSE, 'v', "verbose", NULL,
     "print FILE:LINE:RULE and a tab before each path, also\n"
     "of rules that take a path back (!)"},
    {OPT_NON_MATCHING, 'n', "non-matching", NULL,
     "with -v, print paths that no rule matches, too"},
    {OPT_QUIET, 'q', "quiet", NULL, "print nothing; one PATH only"},
    {OPT_STDIN, 0, "stdin", NULL, "read paths from the standard input"},
    {OPT_ZERO, 'z', NULL, NULL,
     "a zero byte instead of each line end, tab and colon,\n"
     "and paths as they are"},
    {OPT_GITIGNORE, 0, "gitignore", NULL,
     "as for an index that is made with --gitignore"},
    {OPT_ROOT, 0, "root", "DIR",
     "the folder that is indexed (default the nearest that\n"
     "holds .parasol, looked for upwards, else this one)"},
    {OPT_HELP, 'h', "help", NULL, "print this text"},
};

typedef struct settings {
    bool verbose, non_matching, quiet, from_stdin, zero, gitignore;
    const char *root_given;
    char root[PATH_BYTES]; /* absolute, without a slash at its end */
    char here[PATH_BYTES]; /* the same of the current folder */
    parasol_ignore *ignore;
    unsigned long matched;
} settings;

static int usage(FILE *out)
{
    fputs("Usage: parasol check-ignore [OPTIONS] PATH...\n"
          "       parasol check-ignore [OPTIONS] --stdin\n\n"
          "Prints those of the paths that parasol index leaves out because a "
          "rule in a file\n.parasolignore says so. Rules are written like "
          "those of .gitignore. The paths need\nnot exist; one with a slash at "
          "its end is a folder.\n\nOptions:\n",
          out);
    pc_opts_usage(table, PC_COUNTOF(table), out);
    fputs("\nExamples:\n"
          "  parasol check-ignore -v notes/draft.txt\n"
          "  find . -type f | parasol check-ignore --stdin\n\n"
          "Exit status: 0 a path is left out, or with -v a rule matches one; "
          "1 none;\n2 usage; 4 the folder or an ignore file cannot be read; 8 "
          "no memory.\n",
          out);
    return fflush(out) ? PC_EXIT_RESOURCE : PC_EXIT_OK;
}

static int fail_at(const char *path, const char *message, int status)
{
    fputs("parasol check-ignore: ", stderr);
    if (path) {
        (void)pc_say_text(stderr, path, strlen(path));
        fputs(": ", stderr);
    }
    (void)pc_say_text(stderr, message, strlen(message));
    fputc('\n', stderr);
    return status;
}

static int fail(const char *message, int status)
{
    return fail_at(NULL, message, status);
}

/* ---- places ------------------------------------------------------------- */

/* Takes the last name off a path; false if there is none. */
static bool go_up(char *path)
{
    char *slash = strrchr(path, '/');
    if (!slash)
        return false;
    *slash = 0;
    return true;
}

/* Appends the parts of `more` to the absolute path, as names only: "." is
   nothing and ".." takes one off. */
static bool join(char path[PATH_BYTES], const char *more)
{
    while (*more) {
        size_t n = strcspn(more, "/");
        if (n == 2 && memcmp(more, "..", 2) == 0) {
            (void)go_up(path);
        } else if (n > 0 && !(n == 1 && *more == '.')) {
            size_t len = strlen(path);
            if (len + n + 2 > PATH_BYTES)
                return false;
            path[len] = '/';
            memcpy(path + len + 1, more, n);
            path[len + 1 + n] = 0;
        }
        more += n + (more[n] == '/');
    }
    return true;
}

static bool has_index(const char *dir)
{
    char path[PATH_BYTES + 16];
    struct stat st;
    (void)snprintf(path, sizeof path, "%s/.parasol", dir);
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Fills s->here and s->root. */
static int find_root(settings *s)
{
    if (!getcwd(s->here, sizeof s->here))
        return fail("the current folder is not known", PC_EXIT_NOINDEX);
    if (strcmp(s->here, "/") == 0)
        s->here[0] = 0;
    if (s->root_given) {
        char text[128] = "";
        /* Its name without links; the one we came from is known by then. */
        if (chdir(s->root_given) < 0 || !getcwd(s->root, sizeof s->root)) {
            (void)strerror_r(errno, text, sizeof text);
            return fail_at(s->root_given, text, PC_EXIT_NOINDEX);
        }
        if (strcmp(s->root, "/") == 0)
            s->root[0] = 0;
        return PC_EXIT_OK;
    }
    memcpy(s->root, s->here, sizeof s->root);
    while (!has_index(s->root)) {
        if (!go_up(s->root)) {
            memcpy(s->root, s->here, sizeof s->root);
            break;
        }
    }
    return PC_EXIT_OK;
}

/* `path` relative to the root, with its slash at the end; NULL if it is not
   below it. Borrowed until the next call. */
static const char *below_root(const settings *s, const char *path)
{
    static char full[PATH_BYTES + 1];
    size_t n = strlen(s->root), given = strlen(path);
    full[0] = 0;
    if (path[0] != '/')
        memcpy(full, s->here, strlen(s->here) + 1);
    if (!join(full, path) || strncmp(full, s->root, n) != 0 || full[n] != '/')
        return NULL;
    if (path[given - 1] == '/') {
        size_t len = strlen(full);
        full[len] = '/';
        full[len + 1] = 0;
    }
    return full + n + 1;
}

/* ---- checking ----------------------------------------------------------- */

static void print_zero(const char *text)
{
    fputs(text, stdout);
    putchar(0);
}

static void print_match(const settings *s, const char *path,
                        const parasol_ignore_match *m)
{
    char line[32] = "";
    if (m->file)
        (void)snprintf(line, sizeof line, "%llu", (unsigned long long)m->line);
    const char *parts[] = {m->file ? m->file : "", line,
                           m->rule ? m->rule : ""};
    for (size_t i = 0; s->verbose && i < PC_COUNTOF(parts); i++) {
        if (s->zero) {
            print_zero(parts[i]);
            continue;
        }
        (void)pc_say_text(stdout, parts[i], strlen(parts[i]));
        putchar(i + 1 < PC_COUNTOF(parts) ? ':' : '\t');
    }
    if (s->zero) {
        print_zero(path);
        return;
    }
    (void)pc_say_text(stdout, path, strlen(path));
    putchar('\n');
}

static int check(settings *s, const char *path)
{
    parasol_ignore_match m = PARASOL_IGNORE_MATCH_INIT;
    parasol_error err = {0};
    if (!*path)
        return fail("a path is empty", PC_EXIT_USAGE);
    const char *below = below_root(s, path);
    if (!below)
        return fail_at(path, "not below the folder that is indexed (--root)",
                       PC_EXIT_USAGE);
    int rc = parasol_ignore_find(s->ignore, below, &m, &err);
    if (rc)
        return fail(err.message, pc_exit_of(rc));
    bool matched = s->verbose ? m.file != NULL : m.ignored != 0;
    s->matched += matched;
    if (!s->quiet && (matched || (s->verbose && s->non_matching)))
        print_match(s, path, &m);
    return PC_EXIT_OK;
}

static int check_stdin(settings *s)
{
    static char path[PATH_BYTES];
    size_t n = 0;
    int status = PC_EXIT_OK, c = 0;
    while (!status && c != EOF) {
        c = getchar();
        if (c == EOF ? n > 0 : c == (s->zero ? 0 : '\n')) {
            path[n] = 0;
            n = 0;
            status = check(s, path);
        } else if (c != EOF && n + 1 == sizeof path) {
            status = fail("a path is too long", PC_EXIT_USAGE);
        } else if (c != EOF) {
            path[n++] = (char)c;
        }
    }
    return status;
}

/* ---- command line ------------------------------------------------------- */

static void take_option(settings *s, const pc_opts *o, int i)
{
    switch (table[i].id) {
    case OPT_VERBOSE: s->verbose = true; break;
    case OPT_NON_MATCHING: s->non_matching = true; break;
    case OPT_QUIET: s->quiet = true; break;
    case OPT_STDIN: s->from_stdin = true; break;
    case OPT_ZERO: s->zero = true; break;
    case OPT_GITIGNORE: s->gitignore = true; break;
    case OPT_ROOT: s->root_given = o->value; break;
    default: break;
    }
}

static const char *wrong(const settings *s, const pc_opts *o)
{
    if (s->from_stdin && o->operand_count > 0)
        return "paths and --stdin do not go together";
    if (!s->from_stdin && o->operand_count == 0)
        return "which path is to be checked?";
    if (s->quiet && s->verbose)
        return "-q and -v do not go together";
    if (s->quiet && (s->from_stdin || o->operand_count > 1))
        return "-q is for one path";
    if (s->non_matching && !s->verbose)
        return "-n goes with -v";
    return NULL;
}

static int run(settings *s, const pc_opts *o)
{
    parasol_ignore_options io = PARASOL_IGNORE_OPTIONS_INIT;
    parasol_error err = {0};
    int status = find_root(s);
    if (status)
        return status;
    io.gitignore = s->gitignore;
    int rc =
        parasol_ignore_open(&s->ignore, s->root[0] ? s->root : "/", &io, &err);
    if (rc)
        return fail(err.message, pc_exit_of(rc));
    if (s->from_stdin)
        status = check_stdin(s);
    for (int i = 0; !status && i < o->operand_count; i++)
        status = check(s, o->operands[i]);
    parasol_ignore_close(s->ignore);
    if (fflush(stdout))
        return fail("the output cannot be written", PC_EXIT_RESOURCE);
    if (status)
        return status;
    return s->matched > 0 ? PC_EXIT_OK : PC_EXIT_NONE;
}

int main(int argc, char **argv)
{
    static settings s;
    pc_opts o;
    int i;
    pc_opts_init(&o, table, PC_COUNTOF(table), argc, argv);
    while ((i = pc_opts_next(&o)) != PC_OPTS_END) {
        if (i == PC_OPTS_ERROR)
            return pc_opts_refuse(VERB, o.message);
        if (table[i].id == OPT_HELP)
            return usage(stdout);
        take_option(&s, &o, i);
    }
    const char *why = wrong(&s, &o);
    return why ? pc_opts_refuse(VERB, why) : run(&s, &o);
}
