package dev.mien.recognition;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * An ONNX file with YuNet's inputs and outputs whose answers are known: each cell of 8, 16 or 32 pixels scores its own
 * mean brightness, and every face has the same box and points relative to its cell.
 */
final class YuNetModel {

    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private YuNetModel() {}

    /**
     * The bytes of the file.
     *
     * @param box centre (x, y) within the cell and the logarithms of width and height, all in cells
     * @param points five (x, y) within the cell, in cells
     */
    static byte[] write(float[] box, float[] points) {
        Message graph = new Message();
        graph.text(2, "yunet");
        graph.message(11, value("input", 1, 3, 640, 640));
        for (int stride : new int[] {8, 16, 32}) {
            output(graph, "cls_" + stride, stride, 1f / (3 * stride * stride * 255), 0);
            output(graph, "obj_" + stride, stride, 1f / (3 * stride * stride * 255), 0);
            output(graph, "bbox_" + stride, stride, 0, box);
            output(graph, "kps_" + stride, stride, 0, points);
        }
        Message opset = new Message();
        opset.number(2, 11);
        Message model = new Message();
        model.number(1, 6);
        model.message(8, opset);
        model.message(7, graph);
        return model.bytes();
    }

    /** A convolution of one step per cell, its channels last, its cells in one row: (1, cells, channels). */
    private static void output(Message graph, String name, int stride, float weight, float... bias) {
        int channels = bias.length;
        float[] weights = new float[channels * 3 * stride * stride];
        java.util.Arrays.fill(weights, weight);
        graph.message(5, floats(name + "_w", weights, channels, 3, stride, stride));
        graph.message(5, floats(name + "_b", bias, channels));
        graph.message(5, shape(name + "_s", 1, -1, channels));
        Message convolution = node("Conv", name + "_c", "input", name + "_w", name + "_b");
        convolution.message(5, numbers("kernel_shape", stride, stride));
        convolution.message(5, numbers("strides", stride, stride));
        graph.message(1, convolution);
        Message transposition = node("Transpose", name + "_t", name + "_c");
        transposition.message(5, numbers("perm", 0, 2, 3, 1));
        graph.message(1, transposition);
        graph.message(1, node("Reshape", name, name + "_t", name + "_s"));
        graph.message(12, value(name, 1, 6400 * 64 / stride / stride, channels));
    }

    private static Message node(String type, String output, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        node.text(2, output);
        node.text(3, output + "_node");
        node.text(4, type);
        return node;
    }

    private static Message numbers(String name, long... values) {
        Message attribute = new Message();
        attribute.text(1, name);
        for (long value : values) {
            attribute.number(8, value);
        }
        attribute.number(20, 7);
        return attribute;
    }

    private static Message floats(String name, float[] values, long... dims) {
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            raw.putFloat(value);
        }
        return tensor(name, FLOAT, raw, dims);
    }

    private static Message shape(String name, long... values) {
        ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            raw.putLong(value);
        }
        return tensor(name, INT64, raw, values.length);
    }

    private static Message tensor(String name, int type, ByteBuffer raw, long... dims) {
        Message tensor = new Message();
        for (long dim : dims) {
            tensor.number(1, dim);
        }
        tensor.number(2, type);
        tensor.text(8, name);
        tensor.bytes(9, raw.array());
        return tensor;
    }

    private static Message value(String name, long... dims) {
        Message shape = new Message();
        for (long dim : dims) {
            Message one = new Message();
            one.number(1, dim);
            shape.message(1, one);
        }
        Message tensor = new Message();
        tensor.number(1, FLOAT);
        tensor.message(2, shape);
        Message type = new Message();
        type.message(1, tensor);
        Message value = new Message();
        value.text(1, name);
        value.message(2, type);
        return value;
    }

    /** A message of Protocol Buffers. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        private void varint(long value) {
            long left = value;
            while ((left & ~0x7FL) != 0) {
                out.write((int) (left & 0x7F | 0x80));
                left >>>= 7;
            }
            out.write((int) left);
        }

        private void number(int field, long value) {
            varint((long) field << 3);
            varint(value);
        }

        private void bytes(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            out.writeBytes(value);
        }

        private void text(int field, String value) {
            bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        private void message(int field, Message value) {
            bytes(field, value.bytes());
        }

        private byte[] bytes() {
            return out.toByteArray();
        }
    }
}
