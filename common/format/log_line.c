/*
 * Lines of the log. What was read is written again and compared, so that one
 * definition serves both ways.
 */
#include "common/format/log_line.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/base/crc.h"
#include "common/base/utc.h"

void pc_log_line_put(const pc_log_line *line, pc_buf *out)
{
    char time[PC_UTC_ROOM];
    size_t start = out->len;
    pc_buf_put_fmt(out, "%" PRIu64 " %s %s", line->commit,
                   pc_utc_put(time, line->time), line->what);
    pc_buf_put_fmt(out, " +%" PRIu64 " ~%" PRIu64 " -%" PRIu64, line->added,
                   line->changed, line->removed);
    pc_buf_put_fmt(out, " documents %" PRIu64 " bytes %" PRIu64,
                   line->documents, line->bytes);
    if (out->status)
        return;
    uint32_t crc = pc_crc32c(0, out->ptr + start, out->len - start);
    pc_buf_put_fmt(out, " crc %08" PRIx32 "\n", crc);
}

/* The number at the start of *s, which goes on behind it and `more`. */
static bool take_number(pc_str *s, const char *more, uint64_t *v)
{
    pc_str behind = pc_str_of(more);
    size_t i = 0;
    *v = 0;
    for (; i < s->len && s->ptr[i] >= '0' && s->ptr[i] <= '9'; i++) {
        uint64_t digit = (uint64_t)(s->ptr[i] - '0');
        if (*v > (UINT64_MAX - digit) / 10)
            return false;
        *v = *v * 10 + digit;
    }
    *s = (pc_str){s->ptr + i, s->len - i};
    if (i == 0 || !pc_str_starts(*s, behind))
        return false;
    *s = (pc_str){s->ptr + behind.len, s->len - behind.len};
    return true;
}

static bool take_time(pc_str *s, int64_t *time)
{
    if (s->len < PC_UTC_ROOM || !pc_utc_get(s->ptr, time))
        return false;
    *s = (pc_str){s->ptr + PC_UTC_ROOM, s->len - PC_UTC_ROOM};
    return true;
}

static bool take_word(pc_str *s, char word[PC_LOG_WORD_ROOM])
{
    size_t n = 0;
    while (n < s->len &&
           ((s->ptr[n] >= 'a' && s->ptr[n] <= 'z') || s->ptr[n] == '-'))
        n++;
    pc_str mark = PC_STR_LIT(" +"), rest = {s->ptr + n, s->len - n};
    if (n == 0 || n >= PC_LOG_WORD_ROOM || !pc_str_starts(rest, mark))
        return false;
    memcpy(word, s->ptr, n);
    word[n] = 0;
    *s = (pc_str){rest.ptr + mark.len, rest.len - mark.len};
    return true;
}

bool pc_log_line_get(pc_log_line *line, pc_str text)
{
    pc_buf again;
    pc_str s = text;
    *line = (pc_log_line){0};
    if (text.len > PC_LOG_LINE_MAX || !take_number(&s, " ", &line->commit) ||
        !take_time(&s, &line->time) || !take_word(&s, line->what) ||
        !take_number(&s, " ~", &line->added) ||
        !take_number(&s, " -", &line->changed) ||
        !take_number(&s, " documents ", &line->removed) ||
        !take_number(&s, " bytes ", &line->documents) ||
        !take_number(&s, " crc ", &line->bytes))
        return false;
    pc_buf_init(&again, NULL);
    pc_log_line_put(line, &again);
    bool same = !again.status && again.len == text.len + 1 &&
                memcmp(again.ptr, text.ptr, text.len) == 0;
    pc_buf_release(&again);
    return same;
}
