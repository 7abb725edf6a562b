/*
 * Appending to the log. A line goes out in one write; if a crash has cut the
 * one before, it gets the end that it lacks first.
 */
#include "indexer/commit/log.h"

#include "common/base/utc.h"
#include "common/os/file.h"

static void append(const char *path, const pc_buf *line)
{
    int fd = -1;
    bool cut = false;
    if (pc_file_append(&fd, &cut, path, NULL) == PARASOL_OK) {
        /* Room for the line end is at its front. */
        const uint8_t *from = line->ptr + (cut ? 0 : 1);
        int rc = pc_file_write(fd, from, line->len - (cut ? 0 : 1), path, NULL);
        PC_UNUSED(rc);
    }
    pc_file_close(fd);
}

void pi_log_append(const char *dir, const pc_log_line *line, const pc_mem *mem)
{
    pc_log_line now = *line;
    pc_buf path, text;
    pc_buf_init(&path, mem);
    pc_buf_init(&text, mem);
    now.time = pc_utc_now();
    pc_buf_put_fmt(&path, "%s/" PC_LOG_NAME, dir);
    pc_buf_put_u8(&path, 0);
    pc_buf_put_u8(&text, '\n');
    pc_log_line_put(&now, &text);
    if (!path.status && !text.status)
        append((const char *)path.ptr, &text);
    pc_buf_release(&path);
    pc_buf_release(&text);
}
