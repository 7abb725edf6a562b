/*
 * `parasol`: answers searches itself and hands verbs of others to the program
 * parasol-<verb>, so that a search loads nothing of the indexer.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <parasol/version.h>

#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "common/tool/say.h"
#include "searcher/cli/search_verb.h"
#include "searcher/cli/tokens_verb.h"
#include "searcher/cli/words_verb.h"

#define PREFIX "parasol-"

static void print_help(FILE *out)
{
    (void)fputs(
        "parasol - index a folder of documents and search it\n"
        "\n"
        "  parasol index DIR           make or renew the index of DIR\n"
        "  parasol search QUERY        search the nearest index (looks for\n"
        "                              .parasol upwards, as git does)\n"
        "  parasol tokens TEXT         show under which words a text is found\n"
        "  parasol complete PREFIX     words of the index that begin so\n"
        "  parasol terms [PATTERN]     its words, with their frequencies\n"
        "  parasol acronyms [PREFIX]   what its documents explain\n"
        "  parasol check-ignore PATH   is a path left out, and by which rule\n"
        "  parasol add PATH            bring single files up to date\n"
        "  parasol remove PATH         take documents out of an index\n"
        "  parasol optimize [INDEX]    make an index smaller and faster\n"
        "  parasol check [INDEX]       is every byte as it was written?\n"
        "  parasol status [INDEX]      up to date? what is not searchable?\n"
        "  parasol repair [INDEX]      mend what is damaged\n"
        "  parasol upgrade [INDEX]     bring an index up to this version\n"
        "  parasol log [INDEX]         what each commit changed\n"
        "  parasol stat [INDEX]        bytes by section, words by frequency\n"
        "  parasol backup DEST         copy an index while it is in use\n"
        "  parasol pack FILE           an index in one file, to be searched\n"
        "  parasol unpack FILE DIR     and back\n"
        "  parasol help [VERB]         this text, or all about a verb\n"
        "  parasol --version\n"
        "\n"
        "Examples\n"
        "  parasol index ~/policy\n"
        "  parasol search 'arms control'\n"
        "  parasol search '\"ministry of defence\" -draft' -n 20\n"
        "\n"
        "Any other verb runs the program parasol-VERB, if there is one.\n"
        "Writes only the index; never uses the network.\n"
        "Exit status: 0 done, 1 nothing found, 2 wrong usage or query,\n"
        "3 incomplete, 4 to 8 trouble with the index or the machine.\n"
        "Environment: PARASOL_INDEX, NO_COLOR.\n",
        out);
}

/* Whether `verb` can be part of a program's name: small letters, digits and
   inner hyphens. */
static bool is_verb(const char *verb)
{
    size_t len = strlen(verb);
    return len > 0 && len < 64 && verb[0] != '-' &&
           strspn(verb, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

/* Runs folder/rest/parasol-verb; comes back when there is none. False: it is
   there but does not start. */
static bool try_run(const char *folder, const char *rest, char **argv)
{
    char path[PC_PATH_BYTES];
    int n = snprintf(path, sizeof path, "%s%s%s", folder, rest, argv[0]);
    if (n < 0 || (size_t)n >= sizeof path || access(path, F_OK) != 0)
        return true;
    (void)execv(path, argv);
    return false;
}

/* Runs parasol-<verb> with argv, whose first item is replaced. Comes back
   only when that fails, with an exit status. */
static int run_verb(const char *verb, char **argv)
{
    char name[sizeof PREFIX + 64];
    char folder[PC_PATH_BYTES];
    bool starts = true;
    (void)snprintf(name, sizeof name, PREFIX "%.63s", verb);
    argv[0] = name;
    ssize_t n = readlink("/proc/self/exe", folder, sizeof folder - 1);
    if (n > 0) {
        folder[n] = 0;
        *strrchr(folder, '/') = 0;
        starts = try_run(folder, "/", argv) &&
                 try_run(folder, "/../libexec/parasol/", argv);
    }
    if (starts) {
        (void)execvp(name, argv);
        starts = errno == ENOENT || errno == ENOTDIR || errno == EACCES;
    }
    if (!starts) {
        (void)fprintf(stderr, "parasol: %s does not start: %s\n", name,
                      strerror(errno));
        return PC_EXIT_USAGE;
    }
    (void)fprintf(stderr,
                  "parasol: there is no verb '%s' (no program %s); see "
                  "'parasol help'. To search: parasol search %s ...\n",
                  verb, name, verb);
    return PC_EXIT_USAGE;
}

static int help_verb(int argc, char **argv)
{
    char help[] = "--help";
    char *args[3] = {NULL, help, NULL};
    if (argc < 2) {
        print_help(stdout);
        return PC_EXIT_OK;
    }
    if (strcmp(argv[1], "search") == 0) {
        ps_search_help();
        return PC_EXIT_OK;
    }
    if (strcmp(argv[1], "tokens") == 0) {
        ps_tokens_help();
        return PC_EXIT_OK;
    }
    if (ps_is_words_verb(argv[1])) {
        ps_words_help(argv[1]);
        return PC_EXIT_OK;
    }
    if (!is_verb(argv[1]) || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return PC_EXIT_OK;
    }
    return run_verb(argv[1], args);
}

static int dispatch(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    if (argc < 2) {
        print_help(stderr);
        return PC_EXIT_USAGE;
    }
    if (strcmp(verb, "search") == 0)
        return ps_search_verb(argc - 1, argv + 1);
    if (strcmp(verb, "tokens") == 0)
        return ps_tokens_verb(argc - 1, argv + 1);
    if (ps_is_words_verb(verb))
        return ps_words_verb(argc - 1, argv + 1);
    if (strcmp(verb, "help") == 0)
        return help_verb(argc - 1, argv + 1);
    if (strcmp(verb, "--help") == 0 || strcmp(verb, "-h") == 0) {
        print_help(stdout);
        return PC_EXIT_OK;
    }
    if (strcmp(verb, "--version") == 0 || strcmp(verb, "-V") == 0) {
        (void)fprintf(stdout, "parasol %s (index format %d)\n",
                      parasol_version(), PARASOL_FORMAT_VERSION);
        return PC_EXIT_OK;
    }
    if (is_verb(verb))
        return run_verb(verb, argv + 1);
    (void)fputs(verb[0] == '-' ? "parasol: unknown option: "
                               : "parasol: this is no verb: ",
                stderr);
    (void)pc_say_text(stderr, verb, strlen(verb));
    (void)fputs("; see 'parasol help'. To search: parasol search QUERY\n",
                stderr);
    return PC_EXIT_USAGE;
}

int main(int argc, char **argv)
{
    int status = dispatch(argc, argv);
    /* Where SIGPIPE does not end us, a reader that went away is no error. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (errno == EPIPE)
            return PC_EXIT_PIPE;
        (void)fprintf(stderr, "parasol: the output cannot be written: %s\n",
                      strerror(errno));
        return PC_EXIT_RESOURCE;
    }
    return status;
}
