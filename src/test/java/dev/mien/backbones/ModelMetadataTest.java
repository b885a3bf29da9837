package dev.mien.backbones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelMetadataTest {

    private static final ModelMetadata METADATA = new ModelMetadata(
            BackboneKind.VGG19_BN,
            List.of("angry", "happy"),
            44,
            3,
            WeightsScaling.NORMALISED,
            Map.of("accuracy", "0.72", "command", "mien train"));

    @Test
    void itSurvivesItsMap() {
        Map<String, String> map = new HashMap<>(METADATA.toMap());
        assertEquals("vgg19-bn", map.get("mien.backbone"));
        assertEquals("angry,happy", map.get("mien.labels"));
        assertEquals("normalised", map.get("mien.scaling"));
        map.put("format", "pt");
        assertEquals(METADATA, ModelMetadata.fromMap(map));
    }

    @ParameterizedTest
    @CsvSource({
        "mien.backbone, resnet, unknown backbone 'resnet'",
        "mien.labels, 'a,,b', a word without a comma",
        "mien.labels, 'a,a', distinct",
        "mien.input_size, big, 'mien.input_size must be a whole number, not ''big'''",
        "mien.input_size, 0, a positive side",
        "mien.channels, 2, 1 or 3 channels",
        "mien.scaling, bytes, must be unit or normalised"
    })
    void wrongValuesAreNamed(String key, String value, String words) {
        Map<String, String> map = new HashMap<>(METADATA.toMap());
        map.put(key, value);
        String message = assertThrows(IllegalArgumentException.class, () -> ModelMetadata.fromMap(map))
                .getMessage();
        assertTrue(message.contains(words), message);
        map.remove(key);
        message = assertThrows(IllegalArgumentException.class, () -> ModelMetadata.fromMap(map))
                .getMessage();
        assertTrue(message.contains("lack the metadata " + key), message);
    }
}
