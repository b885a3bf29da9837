package dev.mien.recognition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mien.backbones.Precision;
import dev.mien.data.FaceImages;
import dev.mien.data.RealData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What docs/model-card.md says of the bundled model, seen through the recognizer, on FER2013's PrivateTest. */
class BundledModelAccuracyTest {

    @Test
    void theRecognizerNamesAsManyRightAsTheModelCardSays() throws IOException {
        FaceImages faces = RealData.dataset().test();
        double mirrored = accuracy(faces, true, Precision.FLOAT32);
        double plain = accuracy(faces, false, Precision.FLOAT32);
        assertEquals(0.6729, mirrored, 0.001);
        assertEquals(0.6634, plain, 0.001);
        assertEquals(mirrored, accuracy(faces, true, Precision.BFLOAT16), 0.002);
        assertEquals(plain, accuracy(faces, false, Precision.BFLOAT16), 0.002);
    }

    private static double accuracy(FaceImages faces, boolean mirrored, Precision precision) throws IOException {
        List<BufferedImage> images = IntStream.range(0, faces.size())
                .mapToObj(row -> TestPictures.face(faces, row))
                .toList();
        try (ExpressionRecognizer recognizer = ExpressionRecognizer.builder()
                .faces(FaceSource.GIVEN)
                .mirrored(mirrored)
                .precision(precision)
                .build()) {
            List<List<Face>> found = recognizer.recognizeAll(images);
            int right = 0;
            for (int i = 0; i < images.size(); i++) {
                right += found.get(i).get(0).label().ordinal() == faces.labels()[i] ? 1 : 0;
            }
            System.out.printf("%s, mirrored %s: %d of %d%n", precision, mirrored, right, images.size());
            return (double) right / images.size();
        }
    }
}
