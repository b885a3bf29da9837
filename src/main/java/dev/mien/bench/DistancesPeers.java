package dev.mien.bench;

import dev.mien.bench.Contender.Kind;
import dev.mien.kernels.Distance;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** LibTorch's ways to all distances between two matrices. */
final class DistancesPeers {

    private DistancesPeers() {}

    static List<Contender<Tensor>> of(Workload workload) {
        List<Contender<Tensor>> peers = new ArrayList<>();
        peers.add(new Contender<>("cdist", Kind.MATRIX, DistancesPeers::cdist));
        if (workload.distance() != Distance.MANHATTAN) {
            peers.add(new Contender<>("mm into a kept matrix", Kind.BLOCKS, DistancesPeers::product));
        }
        return peers;
    }

    private static Tensor cdist(Input in) {
        Distance distance = in.workload().distance();
        boolean cosine = distance == Distance.COSINE;
        Tensor a = cosine ? Scores.unit(in.rows()) : in.rows();
        Tensor b = cosine ? Scores.unit(in.others()) : in.others();
        Tensor matrix = torch.cdist(a, b, distance == Distance.MANHATTAN ? 1 : 2, new LongOptional());
        return switch (distance) {
            case EUCLIDEAN, MANHATTAN -> matrix;
            case SQUARED_EUCLIDEAN -> matrix.square_();
            case COSINE -> matrix.square_().mul_(new Scalar(0.5));
        };
    }

    private static Tensor product(Input in) {
        Tensor out = in.peerMatrix();
        Scalar one = new Scalar(1.0);
        Scalar zero = new Scalar(0.0);
        if (in.workload().distance() == Distance.COSINE) {
            torch.mm_out(out, Scores.unit(in.rows()), Scores.unit(in.others()).t());
            return out.neg_().add_(one).clamp_min_(zero);
        }
        Tensor squares = Scores.lengths(in.rows()).square_();
        Tensor otherSquares = Scores.lengths(in.others()).square_();
        torch.addmm_out(out, otherSquares.t(), in.rows(), in.others().t(), one, new Scalar(-2.0));
        out.add_(squares).clamp_min_(zero);
        return in.workload().distance() == Distance.EUCLIDEAN ? out.sqrt_() : out;
    }
}
