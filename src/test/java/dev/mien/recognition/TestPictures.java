package dev.mien.recognition;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.Compact;
import dev.mien.backbones.ModelFile;
import dev.mien.data.FaceImages;
import dev.mien.data.SchematicFaces;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pictures with generated faces, and a model with random weights, for tests that need no real data. */
public final class TestPictures {

    private TestPictures() {}

    /** Writes a model with random weights. */
    public static Path model(Path file) throws IOException {
        return model(file, "cross-entropy");
    }

    static Path model(Path file, String loss) throws IOException {
        try (Backbone backbone = new Compact(5)) {
            ModelFile.write(file, backbone, Map.of("loss", loss));
        }
        return file;
    }

    /** A grey picture of 400 x 300 pixels with two generated faces that the cascade finds. */
    public static BufferedImage twoFaces() {
        BufferedImage image = new BufferedImage(400, 300, BufferedImage.TYPE_BYTE_GRAY);
        java.util.Arrays.fill(ComposedScenes.pixels(image), (byte) 120);
        for (Rectangle place : twoPlaces()) {
            image.createGraphics().drawImage(face(place.x < 200 ? 0 : 8), place.x, place.y, 120, 120, null);
        }
        return image;
    }

    /** Where {@link #twoFaces} has its faces. */
    static List<Rectangle> twoPlaces() {
        return List.of(new Rectangle(50, 60, 120, 120), new Rectangle(230, 110, 120, 120));
    }

    static BufferedImage face(int row) {
        return face(SchematicFaces.generate(700, 1).train(), row);
    }

    /** A face of a data set as a picture of its own size. */
    static BufferedImage face(FaceImages faces, int row) {
        BufferedImage image = new BufferedImage(faces.width(), faces.height(), BufferedImage.TYPE_BYTE_GRAY);
        int area = faces.width() * faces.height();
        System.arraycopy(faces.pixels(), row * area, ComposedScenes.pixels(image), 0, area);
        return image;
    }

    /** Pictures of schematic faces, different ones. */
    static List<BufferedImage> scenes(int n, long seed) {
        ComposedScenes scenes =
                new ComposedScenes(SchematicFaces.generate(700, 1).test(), seed);
        List<BufferedImage> images = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            images.add(scenes.next().image());
        }
        return images;
    }
}
