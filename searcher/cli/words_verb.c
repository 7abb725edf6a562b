/*
 * The words of an index: completing what is typed, looking at the dictionary,
 * and the acronyms that documents explain.
 */
#include "searcher/cli/words_verb.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <parasol/searcher.h>

#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "common/tool/opt.h"
#include "common/tool/say.h"

#define MAX_WORDS 1000000u

enum option_id { OPT_LIMIT, OPT_JSON, OPT_INDEX, OPT_HELP };

static const pc_opt options[] = {
    {OPT_LIMIT, 'n', "limit", "N", "print the best N words (default 10)"},
    {OPT_JSON, 0, "json", NULL,
     "print one JSON object a line: the words, then a summary"},
    {OPT_INDEX, 'i', "index", "PATH",
     "the index to look into; else $PARASOL_INDEX; else the\n"
     "first .parasol from the current directory upwards"},
    {OPT_HELP, 'h', "help", NULL, "print this text"},
};

typedef struct request {
    const char *verb;
    parasol_words_options words;
    bool terms; /* with frequencies, and all without a pattern; else complete */
    bool json;
    bool help;
    const char *index; /* as given, or NULL */
    const char *text;  /* the pattern */
    size_t len;
    char path[PC_PATH_BYTES]; /* of the index */
} request;

bool ps_is_words_verb(const char *verb)
{
    return strcmp(verb, "complete") == 0 || strcmp(verb, "terms") == 0 ||
           strcmp(verb, "acronyms") == 0;
}

static void help_complete(void)
{
    (void)fputs("parasol complete - words of the index that begin so\n"
                "\n"
                "  parasol complete [OPTIONS] PREFIX\n"
                "\n"
                "Prints a word a line, the most frequent first. Case and\n"
                "accents do not matter.\n",
                stdout);
}

static void help_terms(void)
{
    (void)fputs("parasol terms - words of the index, with their frequencies\n"
                "\n"
                "  parasol terms [OPTIONS] [PATTERN]\n"
                "\n"
                "Prints the number of documents that hold a word, of its\n"
                "occurrences in all of them, and the word: the most frequent\n"
                "first. Without PATTERN, of all words. PATTERN is\n"
                "  trea*  wom?n    * any characters, ? one\n"
                "  treaty~1        words one edit away; ~2 two\n"
                "  /gr(a|e)y/      a regular expression\n",
                stdout);
}

static void help_acronyms(void)
{
    (void)fputs(
        "parasol acronyms - acronyms that the documents explain\n"
        "\n"
        "  parasol acronyms [OPTIONS] [PREFIX]\n"
        "\n"
        "Prints the number of documents that explain an acronym in\n"
        "this way, of such places in all of them, and the acronym with\n"
        "what it stands for: the most frequent first. Without PREFIX,\n"
        "of all acronyms. A search for one of the two finds the other.\n",
        stdout);
}

void ps_words_help(const char *verb)
{
    if (strcmp(verb, "terms") == 0)
        help_terms();
    else if (strcmp(verb, "acronyms") == 0)
        help_acronyms();
    else
        help_complete();
    (void)fputs("\nOptions\n", stdout);
    pc_opts_usage(options, PC_COUNTOF(options), stdout);
    (void)fputs("\n"
                "Exit status\n"
                "  0  there are words          4  no index here, or not "
                "readable\n"
                "  1  there are none           5  the index is damaged\n"
                "  2  wrong usage or pattern   6  its format is too new or "
                "too old\n"
                "  8  out of memory, or the output could not be written\n",
                stdout);
}

/* ---- the command line --------------------------------------------------- */

/* What kind of pattern the operand of `terms` is. */
static void read_pattern(request *rq)
{
    const char *s = rq->text;
    size_t len = rq->len;
    rq->words.kind = PARASOL_WORDS_WILDCARD;
    if (len >= 2 && s[0] == '/' && s[len - 1] == '/') {
        rq->words.kind = PARASOL_WORDS_REGEX;
        rq->text++;
        rq->len -= 2;
    } else if (len > 2 && s[len - 2] == '~' &&
               (s[len - 1] == '1' || s[len - 1] == '2')) {
        rq->words.kind = PARASOL_WORDS_FUZZY;
        rq->words.distance = (unsigned)(s[len - 1] - '0');
        rq->len -= 2;
    }
}

static int take_option(request *rq, pc_opts *o, int i)
{
    uint64_t count = 0;
    switch ((enum option_id)options[i].id) {
    case OPT_LIMIT:
        if (!pc_opt_uint(o->value, MAX_WORDS, &count))
            return pc_opts_reject(o, i, "give a number up to 1000000");
        rq->words.limit = (size_t)count;
        break;
    case OPT_JSON: rq->json = true; break;
    case OPT_INDEX: rq->index = o->value; break;
    case OPT_HELP: rq->help = true; break;
    }
    return i;
}

static int read_request(request *rq, int argc, char **argv)
{
    pc_opts o;
    pc_opts_init(&o, options, PC_COUNTOF(options), argc, argv);
    for (int i; (i = pc_opts_next(&o)) != PC_OPTS_END;) {
        if (i != PC_OPTS_ERROR)
            i = take_option(rq, &o, i);
        if (rq->help)
            return PC_EXIT_OK;
        if (i == PC_OPTS_ERROR)
            return pc_opts_refuse(rq->verb, o.message);
    }
    if (o.operand_count > 1)
        return pc_opts_refuse(rq->verb, "give one word");
    if (o.operand_count == 0 && !rq->terms)
        return pc_opts_refuse(rq->verb, "what to complete is missing");
    rq->text = o.operand_count ? o.operands[0] : "*";
    rq->len = strlen(rq->text);
    if (strcmp(rq->verb, "acronyms") == 0) {
        rq->words.kind = PARASOL_WORDS_ACRONYMS;
        rq->text = o.operand_count ? rq->text : "";
        rq->len = strlen(rq->text);
    } else if (rq->terms) {
        read_pattern(rq);
    }
    return PC_EXIT_OK;
}

/* ---- output ------------------------------------------------------------- */

static void put_word_json(parasol_word w)
{
    (void)fputs("{\"v\":1,\"type\":\"word\",\"word\":", stdout);
    pc_say_json(stdout, w.text.ptr, w.text.len);
    (void)fprintf(stdout,
                  ",\"documents\":%" PRIu64 ",\"occurrences\":%" PRIu64
                  ",\"distance\":%u}\n",
                  w.documents, w.occurrences, w.distance);
}

static void put_words(const request *rq, const parasol_words *words)
{
    size_t n = parasol_words_count(words);
    for (size_t i = 0; i < n; i++) {
        parasol_word w = parasol_words_get(words, i);
        if (rq->json) {
            put_word_json(w);
            continue;
        }
        if (rq->terms)
            (void)fprintf(stdout, "%" PRIu64 "\t%" PRIu64 "\t", w.documents,
                          w.occurrences);
        (void)pc_say_text(stdout, w.text.ptr, w.text.len);
        (void)fputc('\n', stdout);
    }
    uint64_t matched = parasol_words_matched(words);
    bool complete = parasol_words_complete(words) != 0;
    if (rq->json) {
        (void)fprintf(stdout,
                      "{\"v\":1,\"type\":\"summary\",\"matched\":%" PRIu64
                      ",\"complete\":%s,\"returned\":%zu}\n",
                      matched, complete ? "true" : "false", n);
        return;
    }
    (void)fflush(stdout);
    if (rq->terms || !complete)
        (void)fprintf(stderr, "%zu of %s%" PRIu64 " word%s\n", n,
                      complete ? "" : "over ", matched,
                      matched == 1 ? "" : "s");
}

static int report(const request *rq, const parasol_error *err, int rc)
{
    const char *why = err->code == rc && err->message[0]
                          ? err->message
                          : parasol_status_str(rc);
    (void)fprintf(stderr, "parasol %s: ", rq->verb);
    (void)pc_say_text(stderr, why, strlen(why));
    if (rc == PARASOL_NOTFOUND)
        (void)fputs("; 'parasol index DIR' makes an index", stderr);
    else if (rc == PARASOL_CORRUPT)
        (void)fputs("; 'parasol check' tells what is damaged, and 'parasol "
                    "repair' mends it",
                    stderr);
    (void)fputc('\n', stderr);
    return pc_exit_of(rc);
}

int ps_words_verb(int argc, char **argv)
{
    request rq = {.verb = argv[0], .words = PARASOL_WORDS_OPTIONS_INIT};
    parasol_searcher *searcher = NULL;
    parasol_words *words = NULL;
    parasol_error err = {0};
    rq.terms = strcmp(rq.verb, "complete") != 0;
    int status = read_request(&rq, argc, argv);
    if (rq.help)
        ps_words_help(rq.verb);
    if (status || rq.help)
        return status;
    status = pc_find_index(rq.index, rq.path);
    if (status)
        return status;
    int rc = parasol_searcher_open(&searcher, rq.path, NULL, &err);
    if (!rc)
        rc = parasol_words_find(&words, searcher, rq.text, rq.len, &rq.words,
                                &err);
    if (rc) {
        status = report(&rq, &err, rc);
    } else {
        put_words(&rq, words);
        status = parasol_words_matched(words) ? PC_EXIT_OK : PC_EXIT_NONE;
    }
    parasol_words_free(words);
    parasol_searcher_close(searcher);
    return status;
}
