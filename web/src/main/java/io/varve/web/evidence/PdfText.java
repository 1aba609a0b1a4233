package io.varve.web.evidence;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;

/// Lines of text on A4 pages, broken where they are too long. Text is only ever drawn: a character the fonts lack, and
/// every control and format character, is written as its number.
final class PdfText implements AutoCloseable {
    private static final float MARGIN = 48;
    private static final float WIDTH = PDRectangle.A4.getWidth() - 2 * MARGIN;
    private static final float LEADING = 1.35f;
    private static final int MOST_PAGES = 5_000;

    private final PDDocument document = new PDDocument();
    private final PDFont plain = new PDType1Font(FontName.HELVETICA);
    private final PDFont bold = new PDType1Font(FontName.HELVETICA_BOLD);
    private final PDFont fixed = new PDType1Font(FontName.COURIER);
    private PDPageContentStream page;
    private float y;

    PdfText() throws IOException {
        page = turn();
    }

    void title(String text) throws IOException {
        lines(bold, 16, text, 0);
        y -= 6;
    }

    void heading(String text) throws IOException {
        room(60);
        y -= 10;
        lines(bold, 11, text, 0);
        y -= 2;
    }

    void bold(String text) throws IOException {
        room(36);
        y -= 4;
        lines(bold, 9, text, 0);
    }

    void plain(String text) throws IOException {
        lines(plain, 9, text, 0);
    }

    void indented(String text) throws IOException {
        lines(plain, 9, text, 14);
    }

    void code(String text) throws IOException {
        lines(fixed, 8, text, 14);
    }

    private void lines(PDFont font, float size, String text, float indent) throws IOException {
        for (String line : broken(font, size, drawable(font, text), WIDTH - indent)) {
            room(size * LEADING);
            y -= size * LEADING;
            page.beginText();
            page.setFont(font, size);
            page.newLineAtOffset(MARGIN + indent, y);
            page.showText(line);
            page.endText();
        }
    }

    private static List<String> broken(PDFont font, float size, String text, float width) throws IOException {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        float used = 0;
        int blank = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            float wide = font.getStringWidth(String.valueOf(c)) / 1000 * size;
            if (used + wide > width && !line.isEmpty()) {
                String rest = blank > 0 ? line.substring(blank + 1) : "";
                lines.add(blank > 0 ? line.substring(0, blank) : line.toString());
                line.setLength(0);
                line.append(rest);
                used = font.getStringWidth(rest) / 1000 * size;
                blank = -1;
            }
            if (c == ' ') {
                blank = line.length();
            }
            line.append(c);
            used += wide;
        }
        lines.add(line.toString());
        return lines;
    }

    private static String drawable(PDFont font, String text) {
        var out = new StringBuilder();
        text.codePoints()
                .forEach(c -> out.append(isDrawable(font, c) ? Character.toString(c) : "<U+%04X>".formatted(c)));
        return out.toString();
    }

    private static boolean isDrawable(PDFont font, int c) {
        if (c < ' '
                || c > 0xff && c < 0x2010
                || Character.getType(c) == Character.FORMAT
                || Character.isISOControl(c)) {
            return false;
        }
        try {
            font.encode(Character.toString(c));
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private void room(float height) throws IOException {
        if (y - height < MARGIN + 16) {
            page.close();
            page = turn();
        }
    }

    private PDPageContentStream turn() throws IOException {
        if (document.getNumberOfPages() >= MOST_PAGES) {
            throw new IOException("the report has more than %d pages".formatted(MOST_PAGES));
        }
        var fresh = new PDPage(PDRectangle.A4);
        document.addPage(fresh);
        y = PDRectangle.A4.getHeight() - MARGIN;
        return new PDPageContentStream(document, fresh);
    }

    /// Ends the document; every page says which it is of how many.
    byte[] finish(String subject) throws IOException {
        page.close();
        int pages = document.getNumberOfPages();
        for (int i = 0; i < pages; i++) {
            try (var foot = new PDPageContentStream(document, document.getPage(i), AppendMode.APPEND, true, true)) {
                foot.beginText();
                foot.setFont(plain, 8);
                foot.newLineAtOffset(MARGIN, MARGIN - 14);
                foot.showText(drawable(plain, "%s, page %d of %d".formatted(subject, i + 1, pages)));
                foot.endText();
            }
        }
        var out = new ByteArrayOutputStream();
        document.save(out);
        return out.toByteArray();
    }

    @Override
    public void close() throws IOException {
        document.close();
    }
}
