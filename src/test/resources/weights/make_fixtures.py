"""Makes the fixtures beside this file with real PyTorch (2.13.0, safetensors 0.8.0, Python 3.11): python make_fixtures.py"""

from collections import OrderedDict

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(7)
net = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 4))
net(torch.randn(5, 2, 4, 4))
state = net.state_dict()
torch.save(state, "net.zip.pth")
torch.save(state, "net.legacy.pth", _use_new_zipfile_serialization=False)
torch.save(state, "net.protocol4.pth", pickle_protocol=4)
save_file(state, "net.safetensors", metadata={"format": "pt", "mien.backbone": "tiny"})

base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
views = OrderedDict(
    whole=base, transposed=base.t(), row=base[2], corner=base[1:3, 2:5:2], again=base, repeated=base[:1, :1].expand(2, 3)
)
torch.save(views, "views.zip.pth")
torch.save(views, "views.legacy.pth", _use_new_zipfile_serialization=False)

special = [0.0, -0.0, 1.5, float("inf"), float("-inf"), float("nan"), 65504.0]
types = OrderedDict((str(t).split(".")[1], torch.tensor(special, dtype=t)) for t in (torch.float64, torch.float32, torch.float16, torch.bfloat16))
types.update((str(t).split(".")[1], torch.tensor([[0, 1, 127], [2, 3, 5]], dtype=t)) for t in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8))
types["bool"] = torch.tensor([True, False, True])
types["scalar"] = torch.tensor(-3, dtype=torch.int64)
types["empty"] = torch.empty(0, 3)
torch.save(types, "types.zip.pth")
torch.save(types, "types.legacy.pth", _use_new_zipfile_serialization=False)
save_file(types, "types.safetensors")

optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
net(torch.randn(5, 2, 4, 4)).sum().backward()
optimizer.step()
wrapped = OrderedDict(("module." + name, tensor) for name, tensor in state.items())
torch.save({"epoch": 3, "accuracy": 0.5, "optimizer": optimizer.state_dict(), "state_dict": wrapped}, "checkpoint.zip.pth")
torch.save({name: p for name, p in net.named_parameters()}, "parameters.legacy.pth", _use_new_zipfile_serialization=False)
torch.save(net, "module.zip.pth")
