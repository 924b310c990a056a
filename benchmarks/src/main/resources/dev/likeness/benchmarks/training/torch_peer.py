"""Training steps of PyTorch behind standard input and output: one request, one answer per line."""
import sys

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = (
            nn.Identity()
            if stride == 1 and inputs == outputs
            else nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )
        )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = self.bn2(self.conv2(y))
        y += self.shortcut(x)
        return F.relu(y, inplace=True)


def resnet34():
    layers = [
        nn.Conv2d(3, 64, 7, 2, 3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, 2, 1),
    ]
    inputs = 64
    for stage, depth in enumerate((3, 4, 6, 3)):
        for block in range(depth):
            outputs = 64 << stage
            layers.append(Block(inputs, outputs, 2 if stage and not block else 1))
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, 1e-6)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(width, 1e-6)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    def __init__(self, width=768, depth=12, heads=12, patch=16, side=224):
        super().__init__()
        self.patches = nn.Conv2d(3, width, patch, patch)
        self.token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        tokens = 1 + (side // patch) ** 2
        self.positions = nn.Parameter(torch.randn(1, tokens, width) * 0.02)
        self.layers = nn.Sequential(*(Layer(width, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(width, 1e-6)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(len(x), -1, -1), x], 1) + self.positions
        return self.norm(self.layers(x))[:, 0]


def main():
    for line in sys.stdin:
        words = line.rstrip("\n").split("\t")
        if words[0] == "load":
            torch.manual_seed(1)
            torch.set_num_threads(int(words[3]))
            network = {"resnet34": resnet34, "vit-b16": VisionTransformer}[words[1]]()
            images = torch.randn(int(words[2]), 3, 224, 224)
            network = network.to(memory_format=torch.channels_last)
            images = images.to(memory_format=torch.channels_last)
            labels = torch.arange(len(images))
            optimizer = torch.optim.AdamW(network.parameters(), lr=1e-5, weight_decay=0.05)
            trained = sum(p.numel() for p in network.parameters())
            answer = f"{torch.__version__} {trained}"
        else:
            for _ in range(int(words[1])):
                optimizer.zero_grad(set_to_none=True)
                loss = F.cross_entropy(network(images), labels)
                loss.backward()
                optimizer.step()
                loss.item()
            answer = "done"
        print("ok", answer, flush=True)


main()
