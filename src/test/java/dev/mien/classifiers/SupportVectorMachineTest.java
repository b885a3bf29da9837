package dev.mien.classifiers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.data.FloatMatrix;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The support vector machine against LIBSVM's own Java code. */
class SupportVectorMachineTest {

    private static final int CLASSES = 7;

    @ParameterizedTest
    @CsvSource({"1, 0.0208, NONE", "10, 0.01, NONE", "0.3, 0.05, SQUARE_ROOT", "100, 0.002, BALANCED"})
    void agreesWithLibsvm(double c, double gamma, ClassWeighting weighting) {
        long seed = System.nanoTime();
        SyntheticFeatures train = SyntheticFeatures.draw(400, 48, 1.5, seed);
        SyntheticFeatures test = SyntheticFeatures.draw(500, 48, 1.5, seed + 1);
        int[] expected = libsvm(train, test.features(), c, gamma, weighting);
        SupportVectorMachine machine = new SupportVectorMachine.Settings(c, gamma, 0, weighting).create(1, 2);
        machine.fit(train.features(), train.labels(), CLASSES);
        int[] predicted = machine.predict(test.features());
        long same = IntStream.range(0, expected.length)
                .filter(row -> expected[row] == predicted[row])
                .count();
        assertTrue(same >= 0.995 * expected.length, "seed " + seed + ": " + same + " of " + expected.length + " agree");
    }

    @Test
    void fitsOnASubsetAndSaysSo() {
        SyntheticFeatures train = SyntheticFeatures.draw(600, 16, 3, 5);
        SupportVectorMachine machine = new SupportVectorMachine.Settings(1, 0, 200, ClassWeighting.NONE).create(1, 1);
        machine.fit(train.features(), train.labels(), CLASSES);
        int rows = Integer.parseInt(machine.settings().get("fitted on rows"));
        assertTrue(rows <= 200 && rows >= 190, rows + " rows");
        assertEquals("200", machine.settings().get("max rows"));
        assertEquals("1/d", machine.settings().get("gamma"));
    }

    private static int[] libsvm(
            SyntheticFeatures train, FloatMatrix test, double c, double gamma, ClassWeighting weighting) {
        libsvm.svm.svm_set_print_string_function(text -> {});
        Scaler scaler = Scaler.fit(train.features());
        libsvm.svm_problem problem = new libsvm.svm_problem();
        // sorted by class, so that LIBSVM meets the lowest class first and ties go where ours go
        int[] order = IntStream.range(0, train.labels().length)
                .boxed()
                .sorted((a, b) -> train.labels()[a] - train.labels()[b])
                .mapToInt(Integer::intValue)
                .toArray();
        problem.l = order.length;
        problem.x = nodes(scaler.apply(train.features().select(order)));
        problem.y = Arrays.stream(order).mapToDouble(row -> train.labels()[row]).toArray();
        libsvm.svm_parameter parameter = new libsvm.svm_parameter();
        parameter.svm_type = libsvm.svm_parameter.C_SVC;
        parameter.kernel_type = libsvm.svm_parameter.RBF;
        parameter.C = c;
        parameter.gamma = gamma;
        parameter.eps = 1e-3;
        parameter.cache_size = 100;
        parameter.shrinking = 1;
        float[] weights = weighting.weights(train.labels(), CLASSES);
        parameter.nr_weight = CLASSES;
        parameter.weight_label = IntStream.range(0, CLASSES).toArray();
        parameter.weight =
                IntStream.range(0, CLASSES).mapToDouble(label -> weights[label]).toArray();
        libsvm.svm_model model = libsvm.svm.svm_train(problem, parameter);
        return Arrays.stream(nodes(scaler.apply(test)))
                .mapToInt(row -> (int) libsvm.svm.svm_predict(model, row))
                .toArray();
    }

    private static libsvm.svm_node[][] nodes(FloatMatrix features) {
        libsvm.svm_node[][] nodes = new libsvm.svm_node[features.rows()][features.columns()];
        for (int row = 0; row < nodes.length; row++) {
            for (int column = 0; column < features.columns(); column++) {
                nodes[row][column] = new libsvm.svm_node();
                nodes[row][column].index = column + 1;
                nodes[row][column].value = features.values()[row * features.columns() + column];
            }
        }
        return nodes;
    }
}
