/*
 * Option table -> parser and usage text.
 */
#include "common/tool/opt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/tool/exit.h"
#include "common/tool/say.h"

#define HELP_COLUMN 24u

void pc_opts_init(pc_opts *o, const pc_opt *table, size_t n, int argc,
                  char **argv)
{
    *o = (pc_opts){.table = table, .n = n, .argv = argv, .argc = argc};
    o->at = argc > 0 ? 1 : 0;
    o->operands = argv + o->at;
}

static int fail_with(pc_opts *o, const char *text, const char *name, size_t len)
{
    /* Cut in the middle: a long name must not hide the reason. */
    int shown = len > 60 ? 60 : (int)len;
    (void)snprintf(o->message, sizeof o->message, "%s: %.*s", text, shown,
                   name);
    return PC_OPTS_ERROR;
}

int pc_opts_reject(pc_opts *o, int i, const char *text)
{
    const pc_opt *t = &o->table[i];
    if (t->name)
        (void)snprintf(o->message, sizeof o->message, "option --%s: %s",
                       t->name, text);
    else
        (void)snprintf(o->message, sizeof o->message, "option -%c: %s",
                       t->letter, text);
    return PC_OPTS_ERROR;
}

/* The following argument as the value of option i. */
static int take_value(pc_opts *o, int i)
{
    if (o->at >= o->argc)
        return pc_opts_reject(o, i, "its argument is missing");
    o->value = o->argv[o->at++];
    return i;
}

static int next_long(pc_opts *o, const char *name)
{
    size_t len = strcspn(name, "=");
    for (size_t i = 0; i < o->n; i++) {
        const pc_opt *t = &o->table[i];
        if (!t->name || strlen(t->name) != len ||
            memcmp(t->name, name, len) != 0)
            continue;
        if (!t->arg)
            return name[len] ? pc_opts_reject(o, (int)i, "takes no argument")
                             : (int)i;
        if (!name[len])
            return t->arg[0] == '[' ? (int)i : take_value(o, (int)i);
        o->value = name + len + 1;
        return (int)i;
    }
    return fail_with(o, "unknown option", name - 2, len + 2);
}

static int next_letter(pc_opts *o)
{
    char letter = *o->cluster++;
    const char *rest = o->cluster;
    if (!*rest)
        o->cluster = NULL;
    for (size_t i = 0; i < o->n; i++) {
        if (o->table[i].letter != letter)
            continue;
        if (!o->table[i].arg)
            return (int)i;
        o->cluster = NULL;
        if (!*rest)
            return take_value(o, (int)i);
        o->value = rest;
        return (int)i;
    }
    /* The whole argument: its letter may be a piece of a character. */
    const char *arg = o->argv[o->at - 1];
    return fail_with(o, "unknown option", arg, strlen(arg));
}

void pc_opts_allow_dash_words(pc_opts *o)
{
    o->dash_words = true;
}

/* Whether `arg`, which begins with a minus, is -word and not options. */
static bool is_dash_word(const pc_opts *o, const char *arg)
{
    if (!o->dash_words || o->operand_count == 0 || arg[1] == '-' || !arg[2])
        return false;
    if (arg[2 + strspn(arg + 2, "0123456789")])
        return true;
    for (size_t i = 0; i < o->n; i++)
        if (o->table[i].letter == arg[1])
            return !o->table[i].arg;
    return true;
}

int pc_opts_next(pc_opts *o)
{
    o->value = NULL;
    if (o->cluster)
        return next_letter(o);
    while (o->at < o->argc) {
        char *arg = o->argv[o->at++];
        if (o->only_operands || arg[0] != '-' || !arg[1] ||
            is_dash_word(o, arg)) {
            o->operands[o->operand_count++] = arg;
            continue;
        }
        if (strcmp(arg, "--") == 0) {
            o->only_operands = true;
            continue;
        }
        if (arg[1] == '-')
            return next_long(o, arg + 2);
        o->cluster = arg + 1;
        return next_letter(o);
    }
    return PC_OPTS_END;
}

char *pc_opts_join(const pc_opts *o, size_t *len)
{
    size_t bytes = 1;
    for (int i = 0; i < o->operand_count; i++)
        bytes += strlen(o->operands[i]) + 1;
    char *joined = pc_alloc(NULL, bytes, 1);
    if (!joined)
        return NULL;
    size_t n = 0;
    for (int i = 0; i < o->operand_count; i++) {
        size_t part = strlen(o->operands[i]);
        if (i > 0)
            joined[n++] = ' ';
        memcpy(joined + n, o->operands[i], part);
        n += part;
    }
    joined[n] = 0;
    *len = n;
    return joined;
}

void pc_opts_free_joined(char *joined)
{
    pc_free(NULL, joined);
}

static void put_spaces(FILE *out, size_t n)
{
    while (n-- > 0)
        (void)fputc(' ', out);
}

static void usage_of(const pc_opt *t, FILE *out)
{
    char head[80];
    char letter[4] = {'-', t->letter, 0, 0};
    if (t->letter && t->name)
        letter[2] = ',';
    int len = snprintf(head, sizeof head, "  %s%s%s%s%s%s",
                       t->letter ? letter : "   ",
                       t->letter && t->name ? " "
                       : t->name            ? " "
                                            : "",
                       t->name ? "--" : "", t->name ? t->name : "",
                       t->arg && t->arg[0] != '[' ? (t->name ? "=" : " ") : "",
                       t->arg ? t->arg : "");
    size_t width = len < 0 ? 0 : (size_t)len;
    (void)fputs(head, out);
    if (width + 2 > HELP_COLUMN) {
        (void)fputc('\n', out);
        width = 0;
    }
    for (const char *line = t->help;; line++) {
        size_t n = strcspn(line, "\n");
        put_spaces(out, HELP_COLUMN - width);
        (void)fwrite(line, 1, n, out);
        (void)fputc('\n', out);
        width = 0;
        line += n;
        if (!*line)
            break;
    }
}

void pc_opts_usage(const pc_opt *table, size_t n, FILE *out)
{
    for (size_t i = 0; i < n; i++)
        if (table[i].help)
            usage_of(&table[i], out);
}

bool pc_opt_uint(const char *s, uint64_t max, uint64_t *out)
{
    uint64_t v = 0;
    if (!*s)
        return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9')
            return false;
        uint64_t digit = (uint64_t)(*s - '0');
        if (digit > max || v > (max - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *out = v;
    return true;
}

bool pc_opt_size(const char *s, uint64_t *out)
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

bool pc_opt_real(const char *s, double *out)
{
    char *end = NULL;
    /* strtod would also take white space, hexadecimal, "nan" and "inf". */
    if (!*s || s[strspn(s, "+-.0123456789eE")])
        return false;
    double v = strtod(s, &end);
    if (*end || !isfinite(v))
        return false;
    *out = v;
    return true;
}

int pc_opts_refuse(const char *verb, const char *message)
{
    (void)fprintf(stderr, "parasol %s: ", verb);
    (void)pc_say_text(stderr, message, strlen(message));
    (void)fprintf(stderr, "; see 'parasol help %s'\n", verb);
    return PC_EXIT_USAGE;
}
