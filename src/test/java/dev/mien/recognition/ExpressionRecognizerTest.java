package dev.mien.recognition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.BundledModel;
import dev.mien.backbones.Compact;
import dev.mien.backbones.ModelFile;
import dev.mien.backbones.ModelMetadata;
import dev.mien.backbones.Weights;
import dev.mien.backbones.WeightsScaling;
import dev.mien.data.Expression;
import dev.mien.data.FaceImages;
import dev.mien.data.SchematicFaces;
import dev.mien.data.ViewSet;
import dev.mien.internal.Progress;
import dev.mien.training.Embedder;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionRecognizerTest {

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        model = TestPictures.model(folder.resolve("M.safetensors"));
    }

    @Test
    void findsBothFacesAndSaysWhatTheyExpress() throws IOException {
        try (ExpressionRecognizer recognizer = ExpressionRecognizer.open(model)) {
            List<Face> faces = recognizer.recognize(TestPictures.twoFaces());
            assertEquals(2, faces.size(), faces.toString());
            for (Rectangle place : TestPictures.twoPlaces()) {
                assertTrue(faces.stream().anyMatch(face -> overlap(face, place) >= 0.5), place + " in " + faces);
            }
            for (Face face : faces) {
                float[] probabilities = face.probabilities();
                assertEquals(Expression.COUNT, probabilities.length);
                double sum = 0;
                for (float probability : probabilities) {
                    assertTrue(probability >= 0 && probability <= face.probability(face.label()));
                    sum += probability;
                }
                assertEquals(1, sum, 1e-5);
                assertTrue(face.score() > 0 && face.score() < 1, face.toString());
                assertEquals(0, face.embedding().length);
            }
        }
    }

    static double overlap(Face face, Rectangle place) {
        FaceBox box = face.box();
        return ComposedScenes.overlap(new Rectangle(box.x(), box.y(), box.width(), box.height()), place);
    }

    @Test
    void aPictureWithoutAFaceGivesNone() throws IOException {
        try (ExpressionRecognizer recognizer = ExpressionRecognizer.open(model)) {
            for (int[] size : new int[][] {{1, 1}, {3, 500}, {19, 19}, {48, 48}, {640, 480}}) {
                byte[] grey = new byte[size[0] * size[1]];
                assertEquals(List.of(), recognizer.recognize(grey, size[0], size[1]));
            }
        }
    }

    @Test
    void everyWayToHandOverAPictureGivesTheSame() throws IOException {
        BufferedImage image = TestPictures.twoFaces();
        Path file = folder.resolve("two.png");
        ImageIO.write(image, "png", file.toFile());
        try (ExpressionRecognizer recognizer =
                ExpressionRecognizer.builder().model(model).embeddings(true).build()) {
            List<Face> expected = recognizer.recognize(image);
            assertEquals(2, expected.size());
            assertEquals(512, expected.get(0).embedding().length);
            assertEquals(expected, recognizer.recognize(file));
            assertEquals(
                    expected, recognizer.recognize(ComposedScenes.pixels(image), image.getWidth(), image.getHeight()));
        }
    }

    /** The network computes many faces in another order than one, so a batch agrees to rounding only. */
    @Test
    void aBatchAgreesWithSinglePictures() throws IOException {
        List<BufferedImage> images = new ArrayList<>(TestPictures.scenes(6, 2));
        images.add(2, new BufferedImage(100, 100, BufferedImage.TYPE_BYTE_GRAY));
        try (ExpressionRecognizer recognizer = ExpressionRecognizer.open(model)) {
            List<List<Face>> together = recognizer.recognizeAll(images);
            assertEquals(images.size(), together.size());
            assertEquals(List.of(), together.get(2));
            assertTrue(together.stream().mapToInt(List::size).sum() > 5, together.toString());
            for (int i = 0; i < images.size(); i++) {
                assertClose(recognizer.recognize(images.get(i)), together.get(i));
            }
            assertEquals(List.of(), recognizer.recognizeAll(List.of()));
        }
    }

    private static void assertClose(List<Face> expected, List<Face> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).box(), actual.get(i).box());
            assertArrayEquals(expected.get(i).probabilities(), actual.get(i).probabilities(), 1e-5f);
        }
    }

    /** Against LibTorch on faces as they are in training, one view and both. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aGivenFaceIsWhatTheNetworkSays(boolean mirrored) throws IOException {
        FaceImages faces = SchematicFaces.generate(70, 2).test();
        try (ExpressionRecognizer recognizer = ExpressionRecognizer.builder()
                        .model(model)
                        .faces(FaceSource.GIVEN)
                        .mirrored(mirrored)
                        .embeddings(true)
                        .build();
                ModelFile file = ModelFile.read(model);
                PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            ViewSet views = mirrored ? ViewSet.MIRRORED : ViewSet.PLAIN;
            float[] features = Arrays.copyOf(
                    Embedder.embed(file.backbone(), faces, views, false, Progress.NONE)
                            .values(),
                    512);
            Tensor expected = torch.softmax(file.backbone().logits(Tensor.create(features, 1, 512), false), 1);
            float[] probabilities = new float[Expression.COUNT];
            new FloatPointer(expected.data_ptr()).get(probabilities);
            List<Face> found = recognizer.recognize(Arrays.copyOf(faces.pixels(), 48 * 48), 48, 48);
            assertEquals(1, found.size());
            assertEquals(new FaceBox(0, 0, 48, 48), found.get(0).box());
            assertEquals(1, found.get(0).score());
            assertArrayEquals(features, found.get(0).embedding(), 1e-4f);
            assertArrayEquals(probabilities, found.get(0).probabilities(), 1e-5f);
        }
    }

    /** The two views must differ, or the test above shows nothing. */
    @Test
    void aMirroredFaceGivesTheSameAnswerByBothViewsAndAnotherByOne() throws IOException {
        byte[] face = new byte[48 * 48];
        new java.util.Random(4).nextBytes(face);
        byte[] turned = new byte[face.length];
        for (int i = 0; i < face.length; i++) {
            turned[i] = face[i / 48 * 48 + 47 - i % 48];
        }
        for (boolean mirrored : new boolean[] {false, true}) {
            try (ExpressionRecognizer recognizer = ExpressionRecognizer.builder()
                    .model(model)
                    .faces(FaceSource.GIVEN)
                    .mirrored(mirrored)
                    .build()) {
                float[] one = recognizer.recognize(face, 48, 48).get(0).probabilities();
                float[] other = recognizer.recognize(turned, 48, 48).get(0).probabilities();
                double apart = 0;
                for (int i = 0; i < one.length; i++) {
                    apart = Math.max(apart, Math.abs(one[i] - other[i]));
                }
                assertEquals(mirrored, apart < 1e-5, "apart by " + apart);
            }
        }
    }

    /** What each output stands for is the model's to say. */
    @Test
    void labelsAreTheModels() throws IOException {
        List<String> turned = Stream.of(Expression.values())
                .map(expression -> Expression.values()[6 - expression.ordinal()].word())
                .toList();
        Path other = folder.resolve("turned.safetensors");
        write(other, turned);
        byte[] noise = new byte[48 * 48];
        new java.util.Random(3).nextBytes(noise);
        float[] there = given(other, noise).probabilities();
        float[] here = given(model, noise).probabilities();
        for (int i = 0; i < 7; i++) {
            assertEquals(here[i], there[6 - i]);
        }
        write(other, List.of("happy", "sad"));
        String message = assertThrows(IllegalArgumentException.class, () -> ExpressionRecognizer.open(other))
                .getMessage();
        assertTrue(message.contains("expected all of angry"), message);
    }

    private static void write(Path file, List<String> labels) throws IOException {
        try (Backbone backbone = new Compact(5)) {
            ModelMetadata metadata = new ModelMetadata(
                    BackboneKind.COMPACT, labels, 48, 1, WeightsScaling.UNIT, Map.of("loss", "cross-entropy"));
            Weights.write(file, Weights.tensorsOf(backbone), metadata.toMap());
        }
    }

    private static Face given(Path model, byte[] face) throws IOException {
        try (ExpressionRecognizer recognizer = ExpressionRecognizer.builder()
                .model(model)
                .faces(FaceSource.GIVEN)
                .build()) {
            return recognizer.recognize(face, 48, 48).get(0);
        }
    }

    @Test
    void aModelWithoutATrainedHeadIsRefused() throws IOException {
        Path triplet = TestPictures.model(folder.resolve("T.safetensors"), "triplet");
        String message = assertThrows(IllegalArgumentException.class, () -> ExpressionRecognizer.open(triplet))
                .getMessage();
        assertTrue(message.startsWith(triplet + ": trained with the triplet loss alone"), message);
    }

    @Test
    void wrongInputIsNamed() throws IOException {
        try (ExpressionRecognizer recognizer = ExpressionRecognizer.open(model)) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> recognizer.recognize(new byte[10], 4, 3))
                    .getMessage();
            assertEquals("10 grey levels are no picture of 4 x 3 pixels", message);
            assertThrows(IOException.class, () -> recognizer.recognize(folder.resolve("absent.png")));
        }
        assertThrows(IllegalArgumentException.class, () -> ExpressionRecognizer.builder()
                .maxPixels(0));
        assertThrows(IOException.class, () -> ExpressionRecognizer.open(folder.resolve("absent.safetensors")));
    }

    @Test
    void filesOfAnyKindComeBackInOrder() throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Path file = folder.resolve(i + ".png");
            if (i % 4 == 3) {
                Files.writeString(file, "no image");
            } else {
                ImageIO.write(i % 4 == 2 ? TestPictures.face(1) : TestPictures.twoFaces(), "png", file.toFile());
            }
            files.add(file);
        }
        try (ExpressionRecognizer recognizer = ExpressionRecognizer.open(model)) {
            List<PictureFaces> answers = new ArrayList<>();
            recognizer.recognizeEach(files.iterator(), 3, answers::add);
            assertEquals(files, answers.stream().map(PictureFaces::file).toList());
            for (int i = 0; i < files.size(); i++) {
                assertEquals(
                        i % 4 == 3,
                        answers.get(i).failure().isPresent(),
                        files.get(i).toString());
                if (i % 4 < 2) {
                    assertClose(
                            recognizer.recognize(files.get(i)), answers.get(i).faces());
                }
            }
            Iterator<Path> broken = new Iterator<>() {
                private int count;

                @Override
                public boolean hasNext() {
                    return true;
                }

                @Override
                public Path next() {
                    if (count++ > 2) {
                        throw new IllegalStateException("no more names");
                    }
                    return files.get(0);
                }
            };
            List<PictureFaces> before = new ArrayList<>();
            assertThrows(IllegalStateException.class, () -> recognizer.recognizeEach(broken, 2, before::add));
            assertEquals(3, before.size());
        }
    }

    @Test
    void onceClosedEveryCallFails() throws IOException {
        ExpressionRecognizer recognizer = ExpressionRecognizer.open(model);
        recognizer.close();
        recognizer.close();
        List<Runnable> calls = List.of(
                () -> recognizer.recognize(TestPictures.twoFaces()),
                () -> recognizer.recognize(new byte[4], 2, 2),
                () -> recognizer.recognizeAll(List.of()),
                () -> recognizer.recognizeEach(List.<Path>of().iterator(), 1, faces -> {}));
        for (Runnable call : calls) {
            String message =
                    assertThrows(IllegalStateException.class, call::run).getMessage();
            assertEquals("the recognizer is closed", message);
        }
        FaceDetector detector = FaceDetector.haar();
        detector.close();
        assertThrows(IllegalStateException.class, () -> detector.detect(TestPictures.twoFaces()));
    }

    @Test
    void closingDuringCallsEndsThemCleanly() throws Exception {
        BufferedImage image = TestPictures.twoFaces();
        for (int round = 0; round < 5; round++) {
            ExpressionRecognizer recognizer = ExpressionRecognizer.open(model);
            List<Face> expected = recognizer.recognize(image);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                calls.add(threads.submit(() -> {
                    while (true) {
                        assertEquals(expected, recognizer.recognize(image));
                    }
                }));
            }
            Thread.sleep(30 * round);
            recognizer.close();
            for (Future<?> call : calls) {
                Throwable failure =
                        assertThrows(ExecutionException.class, call::get).getCause();
                assertTrue(failure instanceof IllegalStateException, failure.toString());
                assertTrue(failure.getMessage().endsWith("is closed"), failure.getMessage());
            }
            threads.shutdown();
        }
    }

    @Test
    void manyThreadsShareOneRecognizer() throws Exception {
        SharedRecognizer.check(model, 16, 3_000);
    }

    @Test
    void theBundledModelIsTheDefault() throws IOException {
        try (ExpressionRecognizer recognizer = ExpressionRecognizer.open();
                ExpressionRecognizer named = ExpressionRecognizer.open(BundledModel.file())) {
            List<Face> faces = recognizer.recognize(TestPictures.twoFaces());
            assertEquals(2, faces.size());
            assertEquals(named.recognize(TestPictures.twoFaces()), faces);
        }
    }
}
