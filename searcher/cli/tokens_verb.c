/*
 * `parasol tokens`: what the analysis makes of a text.
 */
#include "searcher/cli/tokens_verb.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <parasol/tokens.h>

#include "common/tool/exit.h"
#include "common/tool/opt.h"
#include "common/tool/say.h"

enum option_id { OPT_LANGUAGE, OPT_JSON, OPT_HELP };

static const pc_opt options[] = {
    {OPT_LANGUAGE, 0, "language", "NAME", NULL},
    {OPT_LANGUAGE, 'l', "lang", "NAME",
     "language of the word stems, as for 'parasol index'\n"
     "(default english)"},
    {OPT_JSON, 0, "json", NULL, "print one JSON object a line for each token"},
    {OPT_HELP, 'h', "help", NULL, "print this text"},
};

typedef struct request {
    const char *language;
    bool json;
    bool help;
    char *text; /* owned; operands joined by spaces */
    size_t len;
} request;

void ps_tokens_help(void)
{
    (void)fputs(
        "parasol tokens - show under which words a text is found\n"
        "\n"
        "  parasol tokens [OPTIONS] TEXT...\n"
        "\n"
        "Several arguments are joined by spaces. Prints a line for each token:\n"
        "its position (a second number: the last of those it takes), the text,\n"
        "its form, its stem and the rule that made it. A search for a word\n"
        "finds all forms with its stem; =word finds a form.\n"
        "\n"
        "Options\n",
        stdout);
    pc_opts_usage(options, PC_COUNTOF(options), stdout);
    (void)fputs(
        "\n"
        "Rules\n"
        "  word        a word                 part        between marks\n"
        "  number      a number               compound    two parts as one word\n"
        "  acronym     letters with dots      designator  letters and a number\n"
        "  divided     at the end of a line   identifier  a reference\n"
        "  character   of Han, kana, Thai...  pair        two of them\n"
        "\n"
        "Examples\n"
        "  parasol tokens 'U.S. cyber-security, CVE-2014-0160'\n"
        "  parasol tokens --json --lang german Häuser\n"
        "\n"
        "Exit status\n"
        "  0  there are tokens         2  wrong usage\n"
        "  1  there are none           8  out of memory, or the output could\n"
        "                                 not be written\n",
        stdout);
}

static int read_request(request *rq, int argc, char **argv)
{
    pc_opts o;
    pc_opts_init(&o, options, PC_COUNTOF(options), argc, argv);
    pc_opts_allow_dash_words(&o);
    for (int i; (i = pc_opts_next(&o)) != PC_OPTS_END;) {
        if (i == PC_OPTS_ERROR)
            return pc_opts_refuse("tokens", o.message);
        switch ((enum option_id)options[i].id) {
        case OPT_LANGUAGE: rq->language = o.value; break;
        case OPT_JSON: rq->json = true; break;
        case OPT_HELP: rq->help = true; return PC_EXIT_OK;
        }
    }
    if (o.operand_count == 0)
        return pc_opts_refuse("tokens", "the text is missing");
    rq->text = pc_opts_join(&o, &rq->len);
    if (rq->text)
        return PC_EXIT_OK;
    (void)fputs("parasol tokens: out of memory\n", stderr);
    return PC_EXIT_RESOURCE;
}

/* ---- output ------------------------------------------------------------- */

typedef struct printer {
    const char *text;
    bool json;
    uint64_t n;
} printer;

static void put_member(const char *name, const char *s, size_t n)
{
    (void)fprintf(stdout, ",\"%s\":", name);
    pc_say_json(stdout, s, n);
}

static void put_json(const printer *p, const parasol_token *t)
{
    (void)fprintf(stdout,
                  "{\"v\":1,\"type\":\"token\",\"start\":%zu,\"end\":%zu,"
                  "\"pos\":%" PRIu32 ",\"span\":%" PRIu32 ",\"back\":%" PRIu32,
                  t->start, t->end, t->pos, t->span, t->back);
    put_member("text", p->text + t->start, t->end - t->start);
    put_member("form", t->form.ptr, t->form.len);
    put_member("stem", t->stem.ptr, t->stem.len);
    put_member("rule", t->rule, strlen(t->rule));
    (void)fputs("}\n", stdout);
}

/* Text and blanks up to a column, at least two. */
static void put_column(const char *s, size_t n, size_t width)
{
    size_t columns = pc_say_text(stdout, s, n);
    do
        (void)fputc(' ', stdout);
    while (++columns < width || columns < 2);
    (void)fputc(' ', stdout);
}

static void put_line(const printer *p, const parasol_token *t)
{
    char pos[32];
    uint32_t first = t->pos - t->back;
    int n = t->span > 1 ? snprintf(pos, sizeof pos, "%" PRIu32 "-%" PRIu32,
                                   first, first + t->span - 1)
                        : snprintf(pos, sizeof pos, "%" PRIu32, t->pos);
    put_column(pos, (size_t)n, 5);
    put_column(p->text + t->start, t->end - t->start, 22);
    if (t->form.len == 0) {
        (void)fprintf(stdout, "nothing is left of it (%s)\n", t->rule);
        return;
    }
    put_column(t->form.ptr, t->form.len, 20);
    put_column(t->stem.ptr, t->stem.len, 18);
    (void)fprintf(stdout, "%s\n", t->rule);
}

static int print_token(void *user, const parasol_token *t)
{
    printer *p = user;
    p->n++;
    if (p->json)
        put_json(p, t);
    else
        put_line(p, t);
    return PARASOL_OK;
}

int ps_tokens_verb(int argc, char **argv)
{
    request rq = {0};
    parasol_error err = {0};
    int status = read_request(&rq, argc, argv);
    if (rq.help)
        ps_tokens_help();
    if (rq.help || status != PC_EXIT_OK)
        return status;
    printer p = {rq.text, rq.json, 0};
    int rc = parasol_tokens(rq.language, rq.text, rq.len, print_token, &p, NULL,
                            &err);
    pc_opts_free_joined(rq.text);
    if (rc == PARASOL_ARG)
        return pc_opts_refuse("tokens", err.message);
    if (rc) {
        (void)fprintf(stderr, "parasol tokens: %s\n", err.message);
        return PC_EXIT_RESOURCE;
    }
    return p.n > 0 ? PC_EXIT_OK : PC_EXIT_NONE;
}
