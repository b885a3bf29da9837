package dev.mien.bench;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * For each row the rows of its class, by one sort of the labels: with few rows a class it replaces the n x n mask.
 *
 * @param order (n) rows sorted by label
 * @param first (n) where the class of each row begins in {@code order}
 * @param count (n) rows of the class of each row, itself included
 * @param rows (n, k) the rows of each row's class in ascending order, the last repeated up to the largest class
 * @param unfit (n, k) true where {@code rows} names the row itself or repeats
 */
record Slots(Tensor order, Tensor first, Tensor count, Tensor rows, Tensor unfit) {

    static Slots of(Tensor labels) {
        long n = labels.size(0);
        T_TensorTensor_T sorted = labels.sort(new BoolOptional(true), 0, false);
        Tensor order = sorted.get1();
        Tensor first = torch.searchsorted(sorted.get0(), labels);
        Tensor last =
                torch.searchsorted(sorted.get0(), labels, false, true, new StringViewOptional(), new TensorOptional());
        Tensor count = last.sub(first);
        long k = count.max().item_long();
        Tensor slot = torch.arange(new Scalar(k), labels.options()).unsqueeze(0);
        Tensor counts = count.unsqueeze(1);
        Tensor at = torch.min(slot, counts.sub(new Scalar(1))).add_(first.unsqueeze(1));
        Tensor rows = order.index_select(0, at.flatten()).view(n, k);
        Tensor self = torch.arange(new Scalar(n), labels.options()).unsqueeze(1);
        return new Slots(order, first, count, rows, rows.eq(self).logical_or_(slot.ge(counts)));
    }

    /** Rows of the largest class. */
    long width() {
        return rows.size(1);
    }

    /** (count, k) of the anchors from {@code first} on. */
    Tensor rows(long from, long anchors) {
        return rows.narrow(0, from, anchors);
    }

    /** (count, k) of the anchors from {@code first} on. */
    Tensor unfit(long from, long anchors) {
        return unfit.narrow(0, from, anchors);
    }
}
