"""Wrote the files of this folder, with torch 1.13.1 and numpy 1.24.2. Tests only read them."""

import collections

import numpy
import torch

network = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 1), torch.nn.BatchNorm2d(2))
with torch.no_grad():
    for value, tensor in enumerate(network.parameters()):
        tensor.fill_(value + 0.5)
state = network.state_dict()
prefixed = collections.OrderedDict(("module." + name, value) for name, value in state.items())
halves = {name: value.half() if value.is_floating_point() else value for name, value in state.items()}
brains = {name: value.bfloat16() if value.is_floating_point() else value for name, value in state.items()}
matrix = torch.arange(6.0).reshape(2, 3)
views = {"transposed": matrix.t(), "row": matrix[1], "parameter": torch.nn.Parameter(matrix.clone())}
optimizer = torch.optim.Adam(network.parameters()).state_dict()
training = {"epoch": 3, "best": numpy.float64(0.5), "state_dict": prefixed, "optimizer": optimizer}
generator = {"model": halves, "rng": torch.zeros(4, dtype=torch.uint8)}

torch.save(state, "zip.pth")
torch.save(state, "legacy.pth", _use_new_zipfile_serialization=False)
torch.save(state, "protocol5.pth", pickle_protocol=5)
torch.save(brains, "bfloat16.pth")
torch.save(training, "training.pth")
torch.save(generator, "generator_legacy.pth", _use_new_zipfile_serialization=False)
torch.save(views, "views.pth")
torch.save(views, "views_legacy.pth", _use_new_zipfile_serialization=False)
torch.save(network, "whole_network.pth")
torch.jit.save(torch.jit.script(network), "script.pt")
