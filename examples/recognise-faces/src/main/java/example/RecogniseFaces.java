package example;

import dev.mien.recognition.ExpressionRecognizer;
import java.io.IOException;
import java.nio.file.Path;

/** Prints the faces of a picture: what they express, how sure that is, and where they are. */
public final class RecogniseFaces {

    private RecogniseFaces() {}

    public static void main(String[] arguments) throws IOException {
        try (ExpressionRecognizer recognizer = ExpressionRecognizer.open()) {
            recognizer.recognize(Path.of(arguments[0])).forEach(System.out::println);
        }
    }
}
